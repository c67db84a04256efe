"""The Gaussian closure cell by cell: k(x, y) = ⟨V″(ū(x, y) + w)⟩ with w from N(0, ⟨w wᵀ⟩(x, y)).

In an axial well only ⟨w_x²⟩ enters and only k_xx follows. In a cubic one k_xx, k_yy and k_zz follow
all three variances, and where heat flows ⟨u_y⟩ and ⟨w_x w_y⟩ leave a k_xy.
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
from ferronhall.model.reference import Rounds, hessian_block
from ferronhall.theory.by_site.cost import SECTORS_AT_A_TIME
from ferronhall.theory.by_site.lyapunov import Sector
from ferronhall.theory.covariance import Fluctuations
from ferronhall.theory.mean_field import Spread, closure_shift

_SETTLED = 1e-6
"""Distance of ⟨w_c²⟩ from its fixed point, over its largest value, that the closure may keep."""

_RESIDUAL = 1e-7
_MOST_ROUNDS = 40

_SECOND = ((0, 0), (1, 1), (2, 2), (0, 1))
"""Components of the stiffness of a cell that the mirror of z leaves, but for k_yx = k_xy."""


def site_closure(model, reference, spectrum, threads=1, log=print):
    """The steady state of one field and its mean field, self-consistent in every cell.

    reference : Reference, of the averaged closure
    spectrum : modes.Spectrum about it
    log : callable taking a line of text
    returns : Fluctuations; ⟨u_x⟩, ndarray, shape (nx, ny), Å
    raises : TheoryError when there is no such state
    """
    sector_indices, onsite = range(model.slab.nz // 2 + 1), model.material.onsite
    workers = min(threads, SECTORS_AT_A_TIME)
    with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(workers) as pool:
        for iz in spectrum.rows:
            list(spectrum.solve_row(iz, pool.map))
        symmetric = _own_image(model.temperature_map, spectrum.field)
        what = (model.temperature, len(onsite.fluctuating), symmetric)
        sectors = list(pool.map(lambda iz: Sector(spectrum, iz, *what), sector_indices))
        spread = sum(s.spread() for s in sectors)
        change, rounds = np.nan, Rounds(onsite)
        begun = rounds(_alike(reference, spread), spread)
        for n in range(1, _MOST_ROUNDS + 1):
            _, excess = _response(model, reference, begun)
            applied = sum(pool.map(lambda s, e=excess: s.solve(e, _RESIDUAL), sectors))
            spread = sum(s.spread() for s in sectors)
            last, change = change, np.abs(spread - begun).max() / np.abs(begun).max()
            log(f"  round {n}: {applied} Lyapunov solutions, fluctuation moves by {change:.1e}")
            # the rounds to come move it by a geometric series in change/last
            settling = change < last and change * change < _SETTLED * (last - change)
            if settling or change < _RESIDUAL:
                break
            begun = rounds(begun, spread)
        else:
            raise _unsettled(f"the closure has not settled after {_MOST_ROUNDS} rounds")
        mean, _ = _response(model, reference, spread)
        list(pool.map(lambda iz: _check_stable(model, reference, excess, iz), sector_indices))
        moments = sum(pool.map(lambda s: s.moments(excess), sectors))
    return Fluctuations(moments[:3], moments[3:6], *moments[6:]), mean


def _own_image(temperature, field):
    """Whether T(x, y), and with it all that follows, is what Sector calls symmetric."""
    axes = [(0, 1)] if field.omega_B != 0 else [0, 1]
    images = [np.flip(temperature, axis) for axis in axes]
    return all(np.allclose(image, temperature, rtol=1e-12, atol=0) for image in images)


def _alike(reference, spread):
    """What Sector.spread would give in the averaged closure at the bath's mean temperature (Å²)."""
    found = np.zeros_like(spread)
    felt = min(len(spread), 3)
    found[:felt] = reference.variance[:felt, None]
    return found


def _response(model, reference, spread):
    """⟨u_x⟩ (Å), shape (nx, ny), and δk/M (1/ps²) that belong to what Sector.spread gives (Å²).

    returns : δk/M of shape (1, 1, nx, ny), in a cubic well (3, 3, nx, ny)
    """
    onsite = model.material.onsite
    felt, mass = len(onsite.fluctuating), model.material.mass[0, 0]
    if spread[:felt].min() <= 0:
        raise _unsettled("a cell's fluctuation is not positive")
    displacement = np.zeros((3, *spread.shape[1:]))
    displacement[:felt] = spread[:felt]
    shear = spread[felt] if onsite.coupled else np.zeros_like(spread[0])
    shift = closure_shift(model, reference, Spread(displacement, shear))
    mean = reference.mean + shift[0]
    if not onsite.coupled:
        stiffness = onsite.mean_stiffness(mean, displacement)[:1, None]
    else:
        place = mean, displacement, shear, shift[1]
        stiffness = np.zeros((3, 3, *mean.shape))
        for orders in _SECOND:
            stiffness[orders] = onsite.average(tuple(np.bincount(orders, minlength=3)), *place)
        stiffness[1, 0] = stiffness[0, 1]
    every = range(felt)
    stiffness[every, every] -= reference.stiffness[:felt, None]
    return mean, stiffness / mass


def _check_stable(model, reference, excess, iz):
    """Refuse a stiffness k(y) + M δk at which the Hessian of a sector is not positive."""
    nx, ny, _ = model.slab.shape
    waves = np.fft.fft(excess, axis=2) / nx * model.material.mass[0, 0]
    q, layers = np.arange(nx), np.arange(ny)
    hessian = np.zeros((nx, 3 * ny, nx, 3 * ny), complex)
    for ix in q:
        hessian[ix, :, ix] = hessian_block(model.operator, reference.stiffness, ix, iz)
        for a, b in np.ndindex(excess.shape[:2]):
            rows, columns = a * ny + layers[:, None], b * ny + layers[:, None]
            hessian[ix, rows, q, columns] += waves[a, b, (ix - q) % nx].T
    try:
        cholesky(hessian.reshape(3 * nx * ny, -1), overwrite_a=True, check_finite=False)
    except LinAlgError:
        raise _unsettled(f"at q_z = {iz}/{model.slab.nz} (units of 2π/a) a mode grows") from None


def _unsettled(reason):
    return TheoryError(
        f"the site-dependent closure has no steady state, {reason}: the well gives way to its "
        "fluctuations; lower temperature.T_hot_K, or set theory.closure to averaged"
    )
