"""From first-principles lattice dynamics to the local-mode model (Eqs. S6, S13–S20).

The way of the data: files (which are read, by recognition of their kind) → reading
(quantum_espresso with rigid_ion; phonopy_files with phonopy_sources, calculators and forces) →
balance (crystal_symmetry) → lattice_dynamics → soft_mode → projected_kernel → short_range_fit;
double_well (path_columns, polarization) and cubic_well_fit (mode_paths) beside them; all of it
together → dataset, and from there → mode_structures (what a cubic well takes),
material_file (material_report, soft_branch, replaced_content) and check (check_picture), and with
the branches of dispersion → collection (phonons.nc).
"""
