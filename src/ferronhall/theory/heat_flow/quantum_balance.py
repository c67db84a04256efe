"""Self-consistent baths of quantum statistics: the power between two baths at every frequency.

A bath of spectrum θ(ω, T) gives the cell i what it takes from all others (Dhar and Roy 2006),

    P_i = Mγ_i Σ_j ∫₀^∞ dω g_ij(ω) [θ(ω, T_i) − θ(ω, T_j)]
    g_ij(ω) = (2γ_j/πM) ω² Σ_cc′ |G_ic,jc′(ω)|²,  G = [H/M − ω² + iω(γ − Ω_B C)]⁻¹

and the inner T follow from P = 0 by Newton's method. The integrand is analytic within the slowest
mode's decay rate of the real axis, where the trapezoidal rule converges exponentially. Zero-point
energy drops out of the difference.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from ferronhall.base import units
from ferronhall.base.errors import TheoryError
from ferronhall.model.reference import hessian_block
from ferronhall.theory.baths import KELVIN, thermal_energy
from ferronhall.theory.heat_flow.heat_balance import Balance

_FINENESS = 0.4
"""Distance of the frequencies over the slowest decay rate: an error of exp(−2π/0.4) or 10⁻⁷."""

_THERMAL, _STIFF = 28.0, 6.0
"""The highest frequency: where θ has fallen to 10⁻¹², or this many times the stiffest mode's."""

MOST_NUMBERS = 2.5e8
"""Numbers in g at all frequencies, two gigabytes of them, up to which it is found."""

_SETTLED, _MOST_STEPS = 1e-11, 50


@dataclass(frozen=True)
class Exchange:
    """g(ω) at the frequencies of a trapezoidal rule.

    omega : ndarray, shape (n,), rad/ps
    weight : float, rad/ps
    waves : ndarray, shape (n, nx//2 + 1, ny, ny), complex
        Fourier components along x of g per kelvin, Å²/ps per K: ⟨v²⟩ of a θ in K.
    """

    omega: np.ndarray
    weight: float
    waves: np.ndarray


def frequencies(model, slowest, hottest):
    """Those that an Exchange needs; ω = 0 exchanges nothing and is left out.

    slowest : float, 1/ps
        Decay rate of the slowest mode.
    hottest : float, K
    """
    top = min(_THERMAL * hottest / KELVIN, _STIFF * model.omega_max)
    step = _FINENESS * slowest
    return step * np.arange(1, int(top / step) + 2)


def numbers(model, omega):
    """How many numbers an Exchange at these frequencies holds, as MOST_NUMBERS counts them."""
    return 2 * len(omega) * (model.slab.nx // 2 + 1) * model.slab.ny**2


def exchange(model, reference, field, omega):
    """The Exchange about a reference state, at equally spaced frequencies."""
    slab, mass, ny = model.slab, model.material.mass[0, 0], model.slab.ny
    damping = np.diag(np.tile(model.damping, 3))
    turn = sparse.kron(field.generator, sparse.eye_array(ny)).toarray()
    total = np.zeros((len(omega), slab.nx, ny, ny))
    for iz in range(slab.nz // 2 + 1):
        weight = 1 if iz in (0, slab.nz / 2) else 2
        blocks = [
            hessian_block(model.operator, reference.stiffness, ix, iz) for ix in range(slab.nx)
        ]
        stiff = np.array(blocks) / mass
        for n, w in enumerate(omega):
            drag = 1j * w * (damping - turn) - w**2 * np.eye(3 * ny)
            response = np.fft.ifft(np.linalg.inv(stiff + drag), axis=0)
            square = np.abs(response.reshape(slab.nx, 3, ny, 3, ny)) ** 2
            total[n] += weight / slab.nz * w**2 * square.sum(axis=(1, 3))
    strength = 2 * units.BOLTZMANN_EV_PER_K * model.damping / (np.pi * mass)
    waves = np.fft.rfft(total * strength, axis=1)
    return Exchange(omega, omega[0], waves)


def quantum_balance(found, model, contacts, start):
    """The Balance of quantum statistics.

    found : Exchange
    start : ndarray, shape (nx, ny), K
        The classical one.
    raises : TheoryError when Newton's method does not settle
    """
    free = np.repeat(contacts.between(model.slab), model.slab.ny)
    temperature = start.copy()
    for _ in range(_MOST_STEPS):
        matrix = _jacobian(found, temperature)[np.ix_(free, free)]
        step = np.linalg.solve(matrix, _surplus(found, temperature).ravel()[free])
        change = np.zeros(temperature.size)
        change[free] = step
        before = temperature
        temperature = np.clip(before - change.reshape(before.shape), before / 4, contacts.hot)
        if np.abs(temperature - before).max() < _SETTLED * contacts.hot:
            power = model.material.mass[0, 0] * model.damping * _surplus(found, temperature)
            return Balance(temperature, power)
    raise TheoryError(
        f"the self-consistent baths of quantum statistics have not settled after {_MOST_STEPS} "
        "steps; raise temperature.T_cold_K"
    )


def _surplus(found, temperature):
    """Σ_j ∫ g_ij [θ(T_i) − θ(T_j)] of every cell, Å²/ps²."""
    nx = len(temperature)
    theta = thermal_energy(found.omega[:, None, None], temperature)
    taken = np.einsum("wkab,wkb->ka", found.waves, np.fft.rfft(theta, axis=1))
    given = np.einsum("wa,wxa->xa", found.waves[:, 0].real.sum(axis=-1), theta)
    return found.weight * (given - np.fft.irfft(taken, n=nx, axis=0))


def _jacobian(found, temperature):
    """Its derivative by the temperatures, shape (nx ny, nx ny)."""
    nx, ny = temperature.shape
    slope = _heat_capacity(found.omega[:, None, None], temperature)
    space = np.fft.irfft(found.waves, n=nx, axis=1)
    matrix = np.zeros((nx, ny, nx, ny))
    for x in range(nx):
        column = np.einsum("wcab,wb->cab", space, slope[:, x])
        matrix[:, :, x] = -np.roll(column, x, axis=0)
    given = np.einsum("wa,wxa->xa", found.waves[:, 0].real.sum(axis=-1), slope)
    matrix = matrix.reshape(nx * ny, nx * ny)
    matrix[np.diag_indices_from(matrix)] += given.ravel()
    return found.weight * matrix


def _heat_capacity(omega, temperature):
    """∂θ/∂T over k_B of an oscillator, from 0 when cold to 1."""
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        half = KELVIN * omega / temperature / 2
        return np.where(half < 350, (half / np.sinh(half)) ** 2, 0.0)
