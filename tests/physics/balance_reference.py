"""The balance moments by explicit loops over bonds, and their exact harmonic expectations."""

from itertools import product

import numpy as np

from ferronhall.engine.kernels.balance_moments import MOMENTS, sample_balances
from ferronhall.engine.layout import to_storage
from ferronhall.model.field import Field
from tests.physics import harmonic


def cross(a, b):
    """z component of a × b for fields (3, ...)."""
    return a[0] * b[1] - a[1] * b[0]


def existing_bonds(shape):
    """(site, neighbour, R) of every bond from every site, none across an open face."""
    nx, ny, nz = shape
    for i in np.ndindex(nx, ny, nz):
        for n in product((-1, 0, 1), repeat=3):
            if any(n) and 0 <= i[1] + n[1] < ny:
                yield i, ((i[0] + n[0]) % nx, i[1] + n[1], (i[2] + n[2]) % nz), n


def reference(state, bonds, onsite, mass, h, omega, decay, noise):
    """Every moment of one state, z-summed: dict of name → (nx, ny).

    state : displacement, velocity before the closing half kick and linear force, (3, nx, ny, nz)
    decay, noise : ndarray, shape (ny,) and (nx, ny), c and s of the bath
    """
    w, v, linear = state
    c, s = decay[None, :, None], noise[:, :, None]
    well = np.polynomial.Polynomial([0, *onsite.about_minimum[:-1]])

    def force(field):
        return -np.array([well(field[0]), *(onsite.transverse * field[1:])])

    on = force(w)
    closed = v + h / 2 / mass * (on + linear)
    kicked = v + h / mass * (on + linear)
    turn = Field(omega, (0, 0, 1)).rotation(h / 2)
    once = np.einsum("ab,bxyz->axyz", turn, kicked)
    twice = np.einsum("ab,bxyz->axyz", turn, once)
    drift = h / 2 * (kicked + c * twice)
    middle, half = w + drift / 2, w + h / 2 * kicked
    hessian = well.deriv()(middle[0]) + 2 * onsite.transverse
    found = {
        "onsite_power": np.sum(closed * on, axis=0),
        "intercell_power": np.sum(closed * linear, axis=0),
        "kicked_speed_squared": np.sum(kicked**2, axis=0),
        "onsite_work": np.sum(force(middle) * drift, axis=0) - (h / 2 * s) ** 2 / 2 * hessian,
        "longitudinal_speed_squared": closed[0] ** 2,
        "longitudinal_displacement": w[0],
        "longitudinal_displacement_squared": w[0] ** 2,
        "onsite_torque": cross(w, on),
        "intercell_torque": cross(w, linear),
        "magnetic_impulse": cross(half, once - kicked + c * (twice - once)),
        "damping_impulse": cross(half, (c - 1) * once),
    }
    found |= {name: np.zeros(w.shape[1:]) for name in MOMENTS[len(found) :]}
    for i, j, n in existing_bonds(w.shape[1:]):
        at_i, at_j = (slice(None), *i), (slice(None), *j)
        k = bonds[n[0] + 1, n[1] + 1, n[2] + 1]
        pull = -k @ (w[at_j] - w[at_i])
        stretched = (w + drift)[at_j] - (w + drift)[at_i]
        energy = [-0.5 * d @ k @ d for d in (w[at_j] - w[at_i], stretched)]
        flow = -0.5 * (closed[at_i] + closed[at_j]) @ pull
        spin = -cross(w[at_i], pull)
        found["short_range_power"][i] += closed[at_i] @ pull
        found["energy_outflow"][i] += flow
        found["energy_current_x"][i] += n[0] / 2 * flow
        found["energy_current_y"][i] += n[1] / 2 * flow
        found["bond_work"][i] -= (energy[1] - energy[0]) / 2
        found["short_range_torque"][i] -= spin
        found["spin_current_x"][i] += n[0] / 2 * spin
        found["spin_current_y"][i] += n[1] / 2 * spin
        if np.sum(np.abs(n)) == 1:
            bilinear = w[at_i] * (n @ w[at_j]) - w[at_j] * (n @ w[at_i])
            found["bond_bilinear"][i] += bilinear[0] / 2
    return {name: values.sum(axis=-1) for name, values in found.items()}


def sampled(propagator, w, v, linear):
    """The kernel's moments of one state, z-summed, shape (moments, nx, ny)."""
    p = propagator
    p.balances.sums[:] = 0
    state = (to_storage(f).reshape(1, 3, -1) for f in (w, v, linear))
    own = p.coefficients
    sample_balances(*state, own, own.cubic, own.uneven, p.loss, p.amplitude, p.balances)
    return p.balances.sums[0].copy()


def exact_moments(propagator, omega, direction=(0, 0, 1)):
    """Stationary moments of the discretised harmonic slab, z-averaged: dict of name → (nx, ny).

    All moments but one are quadratic in the state, so a sum over the axes of its covariance is
    exact; the linear one vanishes.
    """
    p, model = propagator, propagator.model
    shape, mass = model.slab.shape, model.material.mass[0, 0]
    well = model.material.onsite.hessian
    p.coefficients.onsite[:] = [[well[0], 0.0, 0.0, 0.0, 0.0, well[1]]]
    damping = np.broadcast_to(model.damping[None, :, None], shape).ravel()
    bath = np.broadcast_to(model.temperature_map[:, :, None], shape).ravel()
    matrix = harmonic.hessian(model.operator, well)
    step = harmonic.substep(matrix, mass, p.h, omega, direction, damping, bath)
    n = len(matrix)
    one, zero = np.eye(n), np.zeros((n, n))
    opened = np.block([[one, zero], [p.h / 2 / mass * matrix, one]])
    values, axes = np.linalg.eigh(opened @ harmonic.covariance(*step) @ opened.T)
    nothing = np.zeros((3, *shape))
    constant = sampled(p, nothing, nothing, nothing)
    total = constant
    for value, axis in zip(values, axes.T, strict=True):
        w, v = (np.sqrt(max(value, 0)) * axis).reshape(2, 3, *shape)
        total = total + sampled(p, w, v, model.operator.apply(w)) - constant
    moments = dict(zip(MOMENTS, total / shape[2], strict=True))
    resting = np.full(shape[:2], model.material.polarization)
    return moments | {
        "longitudinal_displacement": np.zeros(shape[:2]),
        "polarization": resting,
    }
