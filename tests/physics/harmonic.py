"""The exact stationary state of the discretised harmonic slab, from dense matrices.

Written from the definition of the substep, with nothing of the engine but the force it is given.
"""

import numpy as np
from scipy.linalg import expm, solve_discrete_lyapunov

from ferronhall.base import units


def hessian(operator, onsite):
    """Whole Hessian at u0 (eV/Å²), shape (3N, 3N), fields flattened as (3, nx, ny, nz)."""
    n = 3 * operator.slab.sites
    shape = (3, *operator.slab.shape)
    matrix = -np.array([operator.apply(e.reshape(shape)).ravel() for e in np.eye(n)])
    return matrix + np.diag(np.repeat(onsite, operator.slab.sites))


def generator(direction):
    """C(B̂) of Eq. 9."""
    bx, by, bz = np.asarray(direction) / np.linalg.norm(direction)
    return np.array([[0, -bz, by], [bz, 0, -bx], [-by, bx, 0]])


def substep(matrix, mass, h, omega, direction, damping, temperature):
    """Propagator (6N, 6N) of (w, v) over one substep B A G O G A B, and its noise (6N, 3N).

    damping, temperature : ndarray, shape (N,), 1/ps and K
    """
    n = len(matrix)
    one, zero = np.eye(n), np.zeros((n, n))
    kick = np.block([[one, zero], [-h / 2 / mass * matrix, one]])
    drift = np.block([[one, h / 2 * one], [zero, one]])
    turn = np.kron(expm(omega * h / 2 * generator(direction)), np.eye(n // 3))
    turn = np.block([[one, zero], [zero, turn]])
    c = np.tile(np.exp(-damping * h), 3)
    s = np.sqrt(units.BOLTZMANN_EV_PER_K * np.tile(temperature, 3) / mass * (1 - c**2))
    bath = np.block([[one, zero], [zero, np.diag(c)]])
    after = kick @ drift @ turn
    return after @ bath @ turn @ drift @ kick, after @ np.vstack([zero, np.diag(s)])


def covariance(step, noise):
    """Stationary ⟨s sᵀ⟩ of s = (w, v), by the discrete Lyapunov equation."""
    return solve_discrete_lyapunov(step, noise @ noise.T)


def maps(c, shape, mass):
    """z-averaged m⟨v²⟩/2 (eV) and ⟨w_x v_y − w_y v_x⟩ (Å²/ps), shape (nx, ny), of a covariance."""
    n = len(c) // 2
    sites = n // 3
    v2 = np.diag(c)[n:].reshape(3, *shape).sum(axis=0)
    wv = np.diagonal(c[:sites, n + sites : n + 2 * sites]).reshape(shape)
    vw = np.diagonal(c[sites : 2 * sites, n : n + sites]).reshape(shape)
    return mass / 2 * v2.mean(axis=2), (wv - vw).mean(axis=2)


def shear(c, shape):
    """z-averaged ⟨w_x w_y⟩ (Å²), shape (nx, ny), of a covariance."""
    sites = shape[0] * shape[1] * shape[2]
    return np.diagonal(c[:sites, sites : 2 * sites]).reshape(shape).mean(axis=2)


def bond_bilinear(c, shape):
    """z-averaged half sum over existing ±y, ±z bonds of ⟨w_x(0) R·w(R) − w_x(R) R·w(0)⟩ (Å²)."""
    nx, ny, nz = shape
    sites = nx * ny * nz
    w = c[: 3 * sites, : 3 * sites].reshape(3, *shape, 3, *shape)
    found = np.zeros((nx, ny))
    for i in np.ndindex(*shape):
        for axis, step in ((1, 1), (1, -1), (2, 1), (2, -1)):
            j = list(i)
            j[axis] += step
            if not 0 <= j[1] < ny:
                continue
            j = (j[0], j[1], j[2] % nz)
            there, back = (0, *i, axis, *j), (0, *j, axis, *i)
            found[i[:2]] += step * (w[there] - w[back]) / 2
    return found / nz
