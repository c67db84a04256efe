"""The driven steady state without noise: covariances and mean field of the linear slab.

layer_basis      functions of the layer in which a block is real
block_dynamics   the linear equation of motion of one (q_x, q_z), in time or substep by substep
block_modes      its eigenmodes
diagonalisation  how they are found, many small blocks at a time, and when they are refused
modes            those of every wave vector, and which wave vectors share them
baths            noise of classical or quantum statistics, as waves along x
pair             what two blocks of modes build up to under common noise, layer by layer
covariance       from modes and bath to the maps of ⟨v²⟩, ⟨w²⟩ and ⟨w_x v_y − w_y v_x⟩
bond_covariance  the bilinear of nearest neighbours, which may carry a polarization
mean_field       from ⟨w²⟩ to the mean displacement, through the whole linear response
turning          whether P along x withstands a hot band in a cubic well, cell by cell
solver           all three fields in one approximation; cost says beforehand what that takes
datasets         all of it as theory.nc and timestep.nc
twin             the exact averages of the harmonic twin (twin.nc)
sampling         what the interval between samples does to the error of an average
domain_walls     walls at rest: energy, width and softest mode (domain_walls.nc)
wall_motion      what it takes to move them: barrier, depinning field, virtual displacement
columns          an uneven crystal whose cells are alike along z, from dense matrices

by_site/          the closure with a stiffness of every cell
spectra/          which phonons make a response (theory_spectrum.nc)
linear_response/  coefficients of a weak gradient and field (laboratory.nc)
heat_flow/        baths that take no heat, conductivity, the Hall angle (self_consistent.nc)
hysteresis        the static loop against a field along x (hysteresis.nc)
modulated/        heat modulated in time (lock_in.nc)
"""
