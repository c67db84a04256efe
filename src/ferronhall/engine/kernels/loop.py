"""Many substeps in one call, so that small lattices do not wait for the interpreter."""

from ferronhall.engine.kernels import kernel
from ferronhall.engine.kernels.balance_moments import sample_balances
from ferronhall.engine.kernels.blocks import linear_force
from ferronhall.engine.kernels.cubic_well import add_cubic_well
from ferronhall.engine.kernels.integrator import SUMS, advance, sample, sample_cells
from ferronhall.engine.kernels.layered_well import add_well
from ferronhall.engine.kernels.noise import START
from ferronhall.engine.kernels.uneven import complete_force, hold, sample_uneven, unscale


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
    members, nx = w.shape[0], sums.shape[2]
    layered = (members, 3, nx, w.shape[2] // nx)
    half_kick = coefficients.half_kick
    samples = 0
    for n in range(step, step + substeps):
        if uneven is not None:
            unscale(w, uneven)
            linear_force(uneven.actual.reshape(layered), plan, force.reshape(layered))
            complete_force(uneven, coefficients.wells, force)
        else:
            linear_force(w.reshape(layered), plan, force.reshape(layered))
            if coefficients.wells.shape[2]:
                add_well(w, coefficients.wells, force)
            if cubic is not None:
                add_cubic_well(w, cubic, force)
        if sample_every and n % sample_every == 0:
            for m in range(members):
                if uneven is not None:
                    inverse = uneven.inverse[uneven.row[m]]
                    sample_uneven(w[m], v[m], force[m], inverse, half_kick, sums[m])
                else:
                    sample(w[m], v[m], force[m], coefficients.onsite[m], half_kick, sums[m])
                if sums.shape[1] > SUMS:
                    sample_cells(w[m], sums[m])
            samples += 1
        if sample_every and balances.every and n % balances.every == 0:
            given = (coefficients, cubic, uneven)
            sample_balances(w, v, force, *given, loss, amplitude, balances)
        # here, as a branch in advance would slow it down
        number = n if n < START else n + 1
        advance(w, v, force, coefficients, loss, amplitude, key[0], key[1], key[2], number)
        if uneven is not None:
            hold(w, v, uneven)
    return samples
