"""Second-order mode effective charges: the polarization that pairs of nonpolar modes carry.

After Jung and Birol, "Ferroic Polarization from Nonpolar Phonons", arXiv:2512.00628; equation
numbers in this package are those of that paper.

The way of the data, and the modules on it:

    crystals        parents → space_group → irreps; symmetry_action
    modes           displacement_modes, atom_patterns, local_mode_chain → selection_rule
    definitions     charges (Eq. 2 to 9), tensor_symmetry (what a tensor of Eq. 1 obeys)
    runs            run_settings → runs → run_paths, structures (for other codes); polarizations,
                    data_set (what they leave)
    charges         data_files → finite_differences → collection (second_order.nc)
    densities       density_files → density → density_projection, polar_density → density_data
    multipoles      harmonics → multipoles (Eq. 6) → density_dataset

The bonds between the local modes of a campaign are in ferronhall.analysis.bond_polarization.
"""
