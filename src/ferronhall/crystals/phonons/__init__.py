"""From first-principles lattice dynamics to the local-mode model (Eqs. S6, S13–S20).

The way of the data: files (which they are) → reading (quantum_espresso, rigid_ion) →
lattice_dynamics → soft_mode → projected_kernel → short_range_fit; double_well beside them; all of
it together → dataset, and from there → material_file, and with the branches of dispersion →
collection (phonons.nc).
"""
