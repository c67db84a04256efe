"""Dipolar kernels K_dip(q) on the reciprocal grid of the transform box (Eq. S10–S12).

Wave vectors are in 1/Å; those of the box are q = 2π n/(N a). The q = 0 component is zero: no
macroscopic depolarizing field is imposed.
"""

from itertools import product

import numpy as np

from ferronhall.base import units

_LOST_IN_ROUNDING = -np.log(1e-18)
"""Exponent of a Gaussian from which a reciprocal lattice vector is left out of the sum."""


def wave_vectors(shape, lattice_constant, qx=None):
    """q on the box's grid (1/Å), shape (3, nx, ny, nz), in FFT order, zone −π/a … π/a.

    qx : ndarray, shape (nx,), 1/a, optional
        Those along x in place of the grid's.
    """
    axes = [2 * np.pi * np.fft.fftfreq(n) / lattice_constant for n in shape]
    if qx is not None:
        axes[0] = qx / lattice_constant
    return np.array(np.meshgrid(*axes, indexing="ij"))


def rank_one(q, charge, dielectric):
    """(Zᵀq)(Zᵀq)ᵀ/(qᵀ ε∞ q), zero at q = 0.

    q : ndarray, shape (3, ...), 1/Å
    returns : ndarray, shape (3, 3, ...), e²
    """
    projected = np.tensordot(charge.T, q, axes=1)
    screened = np.einsum("i...,ij,j...->...", q, dielectric, q)
    inverse = np.divide(1.0, screened, out=np.zeros_like(screened), where=screened > 0)
    return projected[:, None] * projected[None, :] * inverse


def longitudinal(q, material):
    """The printed kernel, Eq. S11 (eV/Å²), shape (3, 3, ...).

    It has no sum over reciprocal lattice vectors, so it jumps at the zone boundary.
    """
    prefactor = 4 * np.pi * units.COULOMB / material.cell_volume
    return prefactor * rank_one(q, material.mode.charge, material.dielectric)


def gaussian(q, material, eta_a):
    """Reciprocal part of the Ewald sum (eV/Å²), shape (3, 3, ...): smooth and periodic in q.

    K(q) = (4πk_e/Ω) Σ_G Zᵀ(q+G)[Zᵀ(q+G)]ᵀ/[(q+G)ᵀε∞(q+G)] exp(−|q+G|²/4η²), less its q → 0 limit
    without the G = 0 term, so that a uniform field feels no force (Gonze and Lee, Phys. Rev. B
    55, 10355 (1997)).

    eta_a : float
        Gaussian width times the lattice constant, η a.
    """
    a = material.lattice_constant
    eta = eta_a / a
    prefactor = 4 * np.pi * units.COULOMB / material.cell_volume
    reach = int(np.ceil((2 * eta_a * np.sqrt(_LOST_IN_ROUNDING) / np.pi + 1) / 2))
    total = np.zeros((3, *q.shape))
    for n in product(range(-reach, reach + 1), repeat=3):
        nearest = np.maximum(2 * np.abs(n) - 1, 0) * np.pi / a
        if np.sum(nearest**2) > 4 * eta**2 * _LOST_IN_ROUNDING:
            continue
        shift = 2 * np.pi * np.array(n, float) / a
        shifted = q + shift.reshape(3, *(1,) * (q.ndim - 1))
        term = rank_one(shifted, material.mode.charge, material.dielectric)
        total += term * np.exp(-np.sum(shifted**2, axis=0) / (4 * eta**2))
        if any(n):
            at_zero = rank_one(shift, material.mode.charge, material.dielectric)
            at_zero = at_zero * np.exp(-shift @ shift / (4 * eta**2))
            total -= at_zero.reshape(3, 3, *(1,) * (q.ndim - 1))
    return prefactor * total


def dipole_kernel(name, q, material, eta_a=None):
    """K_dip(q) (eV/Å²), shape (3, 3, ...), by the kernel's configured name."""
    if name == "longitudinal":
        return longitudinal(q, material)
    return gaussian(q, material, eta_a)
