"""What trajectories and theory say together.

samples, estimates → ensemble    maps with errors; equilibration says whether blocks are independent
control_variate                  what a trajectory's harmonic twin knows to be chance → efficiency
projection → comparison          theory against simulation
balance_terms → balances         energy and angular momentum, cell by cell
bond_polarization                second-order polarization of neighbouring cells
"""
