"""Ferron Hall effect: stochastic soft-mode dynamics of a ferroelectric slab in a magnetic field.

The way of the data, and the modules on it:

    configuration   config, schema, yaml_files, errors
    material        material, units
    lattice, bath   geometry
    couplings       short_range, dipole → slab_operator → stability
    model           parameters (everything above as one dataset)
    forces          layout, block_plan, forces, kernels/ (tile, transforms, blocks)
    substep         onsite_potential → substep (constants), members; kernels/ (integrator, noise,
                    loop)
    replica         propagator, run, keeper, checkpoint, progress, observables,
                    transport_sampling → trajectory
    theory          steady_state/ (no noise; reads the model alone)
    ensemble        samples, map_algebra, response_maps, equilibration → ensemble
    agreement       projection → comparison
    sensitivity     scan (of the theory)
    balances        transport → balances (with running_mean)
    second order    bond_polarization (with steady_state/bond_covariance)
    error bars      twin (control variate) → samples; trajectory_length → efficiency
    results         tables/, figures/
    before it all   first_principles/ (Quantum ESPRESSO) → phonons/ → material
    second order    second_order/ (pairs of nonpolar modes; apart from the campaign's model)
    campaign        paths, digest, provenance, storage, script, machine, estimate,
                    job_resources
"""
