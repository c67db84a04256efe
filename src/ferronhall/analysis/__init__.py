"""What trajectories and theory say together.

samples → ensemble           maps with errors; equilibration says whether blocks are independent
twin                         the control variate of a harmonic twin → efficiency
projection → comparison      theory against simulation
balance_terms → balances     energy and angular momentum, cell by cell
bond_polarization            second-order polarization of neighbouring cells
"""
