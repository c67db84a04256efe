"""Files for other programs.

columns           the maps of a dataset, each as one array with a name and a unit
vtk               maps and states for ParaView
atoms             states as displaced atoms, for OVITO and ASE
point_dipoles     the couplings as those of point dipoles, which other codes sum
feram, openferro  the model as their input
"""
