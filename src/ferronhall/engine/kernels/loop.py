"""Many substeps in one call, so that small lattices do not wait for the interpreter."""

import numpy as np

from ferronhall.engine.kernels import kernel
from ferronhall.engine.kernels.balance_moments import sample_balances
from ferronhall.engine.kernels.blocks import couple, invert_field, transform_field
from ferronhall.engine.kernels.cubic_well import add_cubic_well
from ferronhall.engine.kernels.integrator import (
    SUMS,
    advance,
    advance_sites,
    draw,
    sample,
    sample_cells,
)
from ferronhall.engine.kernels.layered_well import add_well
from ferronhall.engine.kernels.noise import BLOCK, START
from ferronhall.engine.kernels.transforms import invert_x, transform_x
from ferronhall.engine.kernels.uneven import complete_force, hold, sample_uneven, unscale


@kernel
def advance_members(w, v, force, plan, coefficients, loss, amplitude, key, step):
    """integrator.advance of a member after the other, its force and next state still in the cache.

    plan : BlockPlan
        Whose slab holds the linear force along x transformed, and then the next w.
    force : ndarray, shape (members, 3, sites), work space
    """
    members, _, sites = w.shape
    blocks = (sites + BLOCK - 1) // BLOCK
    normals = np.empty((3, blocks, BLOCK), np.float32)
    draw(normals, key[0], key[1], key[2], step, 0, blocks)
    field, linear = w.reshape(-1), force.reshape(-1)
    for m in range(members):
        invert_x(plan, m, linear, 0)
        advance_sites(w[m], v[m], force[0], coefficients, m, loss, amplitude, normals, 0, sites)
        transform_x(field, plan, m)


@kernel
def propagate(
    w,
    v,
    force,
    plan,
    coefficients,
    cubic,
    uneven,
    loss,
    amplitude,
    key,
    step,
    substeps,
    sample_every,
    sums,
    balances,
):
    """Advance by `substeps` from substep number `step`, sampling before every sample_every-th.

    w, v, force : ndarray, shape (members, 3, sites)
    cubic, uneven : those of the coefficients
        None where there are none: what would take them is then not compiled.
    key : tuple of three ints
        The halves of the root seed, and the replica.
    sample_every : int
        0 for no samples, of the balance moments neither.
    balances : balance_moments.BalancePlan
        Takes its own samples, before every substep number that its `every` divides.
    returns : int
        Number of samples added to `sums`, shape (members, 4, nx, ny), see integrator.sample; of
        domains that are followed cell by cell (members, 4 + nz, nx, ny), see sample_cells.
    """
    members = w.shape[0]
    half_kick, walled = coefficients.half_kick, coefficients.wells.shape[2] > 0
    # fields larger than the cache gain nothing from it
    by_member = plan.large is None and cubic is None and uneven is None and not walled
    transformed = False
    samples = 0
    for n in range(step, step + substeps):
        number = n if n < START else n + 1
        sampled = sample_every > 0 and n % sample_every == 0
        balanced = sample_every > 0 and balances.every > 0 and n % balances.every == 0
        if uneven is not None:
            unscale(w, uneven)
            transform_field(uneven.actual, plan)
        elif not transformed:
            transform_field(w, plan)
        couple(plan)
        transformed = by_member and not (sampled or balanced)
        if transformed:
            advance_members(w, v, force, plan, coefficients, loss, amplitude, key, number)
            continue
        invert_field(plan, force)
        if uneven is not None:
            complete_force(uneven, coefficients.wells, force)
        else:
            if walled:
                add_well(w, coefficients.wells, force)
            if cubic is not None:
                add_cubic_well(w, cubic, force)
        if sampled:
            for m in range(members):
                if uneven is not None:
                    inverse = uneven.inverse[uneven.row[m]]
                    sample_uneven(w[m], v[m], force[m], inverse, half_kick, sums[m])
                else:
                    sample(w[m], v[m], force[m], coefficients.onsite[m], half_kick, sums[m])
                if sums.shape[1] > SUMS:
                    sample_cells(w[m], sums[m])
            samples += 1
        if balanced:
            given = (coefficients, cubic, uneven)
            sample_balances(w, v, force, *given, loss, amplitude, balances)
        advance(w, v, force, coefficients, loss, amplitude, key[0], key[1], key[2], number)
        if uneven is not None:
            hold(w, v, uneven)
    return samples
