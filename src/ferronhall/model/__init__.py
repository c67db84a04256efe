"""What the equation of motion is (Eq. S3–S12).

material, onsite_potential    tensors and well of the polar mode
geometry                      slab, hot band along x, sponge along y
short_range, dipole           couplings → slab_operator, one operator of both
isolated                      the dipoles of a slab without images
stability                     is the ferroelectric state a minimum, is the substep short enough
substep                       constants of one substep of the integrator
parameters                    all of it as one dataset
members                       the fields of a replica, and their harmonic twins
observables, response_maps    what is measured, and the maps made of it by map_algebra
"""
