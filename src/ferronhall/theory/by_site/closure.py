"""The Gaussian closure cell by cell: k(x, y) = ⟨V∥″(ū(x, y) + w)⟩ with w from N(0, ⟨w²⟩(x, y)).

Mean field, stiffness and fluctuations answer each other, field by field, until none moves any more.
The reference is the closure averaged over x, whose modes serve every round. The last stiffness
leaves a steady state where the Hessian of every sector is positive: gyroscopic forces cannot undo
what damping of every mode makes stable (Kelvin, Tait and Chetaev).
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from scipy.linalg import LinAlgError, cholesky
from threadpoolctl import threadpool_limits

from ferronhall.base.errors import TheoryError
from ferronhall.model.reference import hessian_block
from ferronhall.theory.by_site.cost import SECTORS_AT_A_TIME
from ferronhall.theory.by_site.lyapunov import Sector
from ferronhall.theory.covariance import Fluctuations
from ferronhall.theory.mean_field import Spread, closure_mean

_SETTLED = 1e-6
"""Distance of ⟨w_x²⟩ from its fixed point, over its largest value, that the closure may keep."""

_RESIDUAL = 1e-7
_MOST_ROUNDS = 40


def site_closure(model, reference, spectrum, threads=1, log=print):
    """The steady state of one field and its mean field, self-consistent in every cell.

    reference : Reference, of the averaged closure
    spectrum : modes.Spectrum about it
    log : callable taking a line of text
    returns : Fluctuations; ⟨u_x⟩, ndarray, shape (nx, ny), Å
    raises : TheoryError when there is no such state
    """
    sector_indices = range(model.slab.nz // 2 + 1)
    workers = min(threads, SECTORS_AT_A_TIME)
    with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(workers) as pool:
        list(pool.map(lambda q: spectrum.solve(*q), spectrum.wave_vectors))
        sectors = list(pool.map(lambda iz: Sector(spectrum, iz, model.temperature), sector_indices))
        variance = sum(s.variance() for s in sectors)
        change = np.nan
        for n in range(1, _MOST_ROUNDS + 1):
            _, excess = _response(model, reference, variance)
            applied = sum(pool.map(lambda s, e=excess: s.solve(e, _RESIDUAL), sectors))
            before, variance = variance, sum(s.variance() for s in sectors)
            last, change = change, np.abs(variance - before).max() / np.abs(before).max()
            log(f"  round {n}: {applied} Lyapunov solutions, fluctuation moves by {change:.1e}")
            # the rounds to come move it by a geometric series in change/last
            settling = change < last and change * change < _SETTLED * (last - change)
            if settling or change < _RESIDUAL:
                break
        else:
            raise _unsettled(f"the closure has not settled after {_MOST_ROUNDS} rounds")
        mean, _ = _response(model, reference, variance)
        list(pool.map(lambda iz: _check_stable(model, reference, excess, iz), sector_indices))
        moments = sum(pool.map(lambda s: s.moments(excess), sectors))
    return Fluctuations(moments[:3], moments[3:6], *moments[6:]), mean


def _response(model, reference, variance):
    """⟨u_x⟩ (Å) and δk/M (1/ps²) that belong to ⟨w_x²⟩, both of shape (nx, ny)."""
    if variance.min() <= 0:
        raise _unsettled("a cell's fluctuation is not positive")
    onsite, still = model.material.onsite, np.zeros_like(variance)
    spread = Spread(np.stack([variance, still, still]), still)
    mean = closure_mean(model, reference, spread)
    stiffness = onsite.mean_stiffness(mean, spread.displacement)[0]
    return mean, (stiffness - reference.stiffness[0]) / model.material.mass[0, 0]


def _check_stable(model, reference, excess, iz):
    """Refuse a stiffness k(y) + M δk at which the Hessian of a sector is not positive."""
    nx, ny, _ = model.slab.shape
    waves = np.fft.fft(excess, axis=0) / nx * model.material.mass[0, 0]
    q, layers = np.arange(nx), np.arange(ny)
    hessian = np.zeros((nx, 3 * ny, nx, 3 * ny), complex)
    for ix in q:
        hessian[ix, :, ix] = hessian_block(model.operator, reference.stiffness, ix, iz)
        hessian[ix, layers[:, None], q, layers[:, None]] += waves[(ix - q) % nx].T
    try:
        cholesky(hessian.reshape(3 * nx * ny, -1), overwrite_a=True, check_finite=False)
    except LinAlgError:
        raise _unsettled(f"at q_z = {iz}/{model.slab.nz} (units of 2π/a) a mode grows") from None


def _unsettled(reason):
    return TheoryError(
        f"the site-dependent closure has no steady state, {reason}: the well gives way to its "
        "fluctuations; lower temperature.T_hot_K, or set theory.closure to averaged"
    )
