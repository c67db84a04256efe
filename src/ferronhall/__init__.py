"""Ferron Hall effect: stochastic soft-mode dynamics of a ferroelectric slab in a magnetic field.

The way of the data, and the modules on it:

    configuration   config, schema, errors
    material        material, units
    lattice, bath   geometry
    couplings       short_range, dipole → slab_operator → stability
    model           parameters (everything above as one dataset)
    forces          layout, block_plan, forces, kernels/blocks
    substep         integrator (constants), kernels/ (inner loops, noise)
    trajectory      trajectory, run, keeper, checkpoint, progress, observables, transport_sampling
    theory          steady_state/ (no noise; reads the model alone)
    ensemble        samples, map_algebra, equilibration → ensemble
    agreement       projection → comparison
    balances        transport → balances (with running_mean)
    results         tables/, figures/
    campaign        paths, digest, provenance, storage, script, estimate
"""
