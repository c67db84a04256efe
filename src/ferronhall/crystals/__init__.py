"""Where a material comes from.

first_principles/    Quantum ESPRESSO or VASP, from the atoms on
phonons/             force constants → the local mode and its couplings
second_order/        pairs of nonpolar modes (apart from the campaign's model)
"""
