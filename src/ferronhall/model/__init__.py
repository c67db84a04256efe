"""What the equation of motion is (Eq. S3–S12), as one object: model.Model.

material, onsite_potential    tensors and well of the polar mode
cubic_potential               the well with cubic symmetry, and its ferroelectric_phases
geometry, cells               slab, hot band along x, sponge along y; flanks and edges
short_range, dipole           couplings → slab_operator, one operator of both
isolated                      the dipoles of a slab without images
electrical_boundary           open or short circuit; electrodes and the images of dipoles in them
field, bath                   gyroscopic force; decay and noise of a substep
statistics                    classical or quantum, and how datasets name them
model                         all of it, from a configuration or from parameters.nc
wave_vectors, stability       is the slab at rest a minimum, is the substep short enough for its
                              stability_report; bulk_stability of the endless crystal
disorder, isotopes            cells that differ in stiffness, mass or by a pinned dipole
domains                       180-degree walls and the state they relax to
domain_map, static_state      domains of any shape, and theirs
reference                     the static state, and what fluctuations soften it to
parameters                    the pre-flight's dataset, from which the model is read back
schedule                      equilibration, samples and blocks in substeps
members                       the fields of a replica, and their harmonic twins
observables, response_maps    what is measured, and the maps made of it by map_algebra
mirrors                       which images a map equals, by the direction of the field
"""
