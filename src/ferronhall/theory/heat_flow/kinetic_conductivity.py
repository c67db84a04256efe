"""κ_xx of the classical slab from its modes alone: group velocities and lifetimes.

Undamped modes of energy k_BT each carry it at their group velocity for the time 1/γ. Two modes
whose frequencies differ by no more than their widths carry together as well, so the velocity is a
matrix (quasi-harmonic Green–Kubo, Isaeva, Barbalinardo, Donadio and Baroni 2019):

    κ = k_B/V Σ_q Σ_ab |v_ab|² τ_ab,   v_ab = e_a† (∂D/∂q) e_b / 2√(ω_a ω_b)
    τ_ab = (γ_a + γ_b)/2 / [(γ_a + γ_b)²/4 + (ω_a − ω_b)²]

With one damping γ, and of every mode none but itself, κ = k_B⟨v²⟩/γV, exact for every γ in a chain
(Bonetto, Lebowitz and Lukkarinen 2004).
"""

from functools import cache

import numpy as np

from ferronhall.base import units
from ferronhall.model.reference import hessian_block
from ferronhall.model.wave_vectors import wave_vectors
from ferronhall.theory.heat_flow.conduction import TO_SI


def kinetic_conductivity(model, stiffness):
    """κ_xx in W/(m K) without field.

    stiffness : ndarray, shape (3, ny), eV/Å²
        On-site stiffness of the state the modes are about.
    """
    slab, mass = model.slab, model.material.mass[0, 0]
    damping = np.tile(model.damping, 3)
    slopes, total = _slopes(model.operator), 0.0
    for ix, iz, weight in wave_vectors(slab, model.operator.mirror_symmetric):
        squares, modes = np.linalg.eigh(hessian_block(model.operator, stiffness, ix, iz) / mass)
        omega = np.sqrt(squares)
        width = np.einsum("ya,y,ya->a", modes.conj(), damping, modes).real / 2
        velocity = modes.conj().T @ slopes(ix, iz) @ modes / mass
        velocity = velocity / (2 * np.sqrt(np.outer(omega, omega)))
        decay = np.add.outer(width, width)
        lifetime = decay / (decay**2 + np.subtract.outer(omega, omega) ** 2)
        total += weight * np.sum(np.abs(velocity) ** 2 * lifetime)
    a = model.material.lattice_constant
    return TO_SI * units.BOLTZMANN_EV_PER_K * total / (slab.sites * a)


def _slopes(operator):
    """A function of (ix, iz): ∂K/∂q_x of a block in eV/Å² per unit of 1/a, shape (3 ny, 3 ny)."""
    ny, nx = operator.slab.ny, operator.slab.nx
    distance = np.fft.fftfreq(nx, 1 / nx)
    # the farthest cell of an even ring lies on both sides at once
    distance[np.abs(distance) == nx / 2] = 0
    in_space = np.fft.ifft(_continuous(operator.layered, 2), axis=2)
    slopes = np.fft.fft(in_space * (-1j * distance).reshape(1, 1, nx, 1, 1), axis=2)
    y = np.arange(ny)
    layers = (y[:, None] - y) % operator.slab.padding

    @cache
    def surroundings(iz):
        row = np.array([operator.surroundings.block(ix, iz) for ix in range(nx)])
        in_space = np.fft.ifft(_continuous(row, 0), axis=0)
        return np.fft.fft(in_space * (-1j * distance)[:, None, None], axis=0)

    def slope(ix, iz):
        block = slopes[:, :, ix, :, iz][:, :, layers]
        block = block.transpose(0, 2, 1, 3).reshape(3 * ny, 3 * ny)
        return block + surroundings(iz)[ix] if operator.surroundings else block

    return slope


def _continuous(couplings, axis):
    """K(q_x) with the value at q_x = 0 that its neighbours go on to, by an even polynomial.

    Dipoles between periodic images make that of q_x = 0, a field without charges, lie apart.
    """
    if couplings.shape[axis] < 7:
        return couplings
    weights = {1: 15 / 20, 2: -6 / 20, 3: 1 / 20}
    result = couplings.copy()
    columns, found = np.moveaxis(couplings, axis, 0), np.moveaxis(result, axis, 0)
    found[0] = sum(w * (columns[n] + columns[-n]) for n, w in weights.items())
    return result
