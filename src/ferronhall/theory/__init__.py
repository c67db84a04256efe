"""The driven steady state without noise: covariances and mean field of the linear slab.

layer_basis      functions of the layer in which a block is real
block_dynamics   the linear equation of motion of one (q_x, q_z), in time or substep by substep
modes            its eigenmodes, and which wave vectors share them
baths            noise of classical or quantum statistics, as waves along x
pair             what two blocks of modes build up to under common noise, layer by layer
covariance       from modes and bath to the maps of ⟨v²⟩, ⟨w²⟩ and ⟨w_x v_y − w_y v_x⟩
bond_covariance  the bilinear of nearest neighbours, which may carry a polarization
mean_field       from ⟨w²⟩ to the mean displacement, through the whole linear response
site_lyapunov    the same covariances where the stiffness varies from site to site
site_closure     a stiffness, mean field and fluctuations of every cell that answer each other;
                 site_cost says what that takes and whether a campaign does it
solver           all three fields in one approximation; cost says beforehand what that takes
frequency_bands  what a bath drives of a mode in bands of frequency
spectral_density which modes a weighted sum over the slab is made of, by frequency and wave vector
edge_spectrum    that of the edge responses (theory_spectrum.nc)
datasets         all of it as theory.nc and timestep.nc
temperature_waves    noise of a weak wave of temperature about a uniform one
neighbouring_waves   what it does to the modes as its length goes to infinity
weak_gradient        coefficients of a weak gradient and field; laboratory has them as laboratory.nc
modulation           covariances under heat modulated in time; lock_in has the edges as lock_in.nc
domain_walls     energy, width and Peierls barrier of domain walls at rest (domain_walls.nc)
twin             the exact averages of the harmonic twin (twin.nc)
sampling         what the interval between samples does to the error of an average
"""
