"""Metallic electrodes before the open faces: the field of the images of every dipole, by wave.

Between two equal plates at y = ±h in a medium of ε∞ a wave k = |q + G| along the faces falls off
as exp(−k|y|) and comes back from a plate r times as large. All images of images are a geometric
series, which adds to the couplings without plates, −D D′* 2πk_e/(ε∞ a² k) exp(−k|y − y′|),

    K(y, y′) = Σ_G D D′* 4πk_e Z²/(ε∞ a² k) [ρ cosh k(y + y′) + ρ² cosh k(y − y′)]/(1 − ρ²)

with ρ = r exp(−2kh) and D = (ik_x, ∂/∂y, ik_z). Seen from outside the cell a gaussian dipole is a
point dipole, so that these are the images of either. In the metal a potential falls off as
√(k² + 1/λ²) (Thomas and Fermi); with the ε∞ of the crystal as that of its ions and bound electrons

    r = −exp(−2 arsinh kλ)

which is −1 for λ = 0 and puts the plate back by λ where the wave is long. Of the uniform layers,
k = 0, the plates leave −4πk_e Z²/(ε∞ a² (2h + 2λ)) between the components across the faces: charges
flow from plate to plate until both have the same potential.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np

from ferronhall.base import units

_LOST_IN_ROUNDING = -np.log(1e-18)
"""Exponent from which a reciprocal lattice vector is left out of the sum."""


@dataclass(frozen=True)
class Electrodes:
    """Two equal plates, connected with each other.

    distance : float, Å
        From the face of the crystal, half a cell outside its last layer, to the metal.
    screening_length : float, Å
        λ; that of real electrodes, an effective length λ_eff in vacuum, is ε∞ λ_eff.
    """

    distance: float
    screening_length: float = 0.0

    def reflection(self, k):
        """r of a wave along the faces, k in 1/Å."""
        return -np.exp(-2 * np.arcsinh(k * self.screening_length))


@dataclass(frozen=True)
class Images:
    """Couplings of a slab's layers by the images in its electrodes.

    electrodes : Electrodes
    positions : ndarray, shape (ny,), Å
        Of the layers, counted from the slab's centre.
    columns, rows : ndarray, shapes (nx,) and (nz,), 1/Å
        Wave vectors along x and z.
    lattice_constant : float, Å
    charge : float, e
        Z.
    dielectric : float
        ε∞.
    """

    electrodes: Electrodes
    positions: np.ndarray
    columns: np.ndarray
    rows: np.ndarray
    lattice_constant: float
    charge: float
    dielectric: float

    def block(self, ix, iz):
        """Hermitian block (eV/Å²) at FFT indices (ix, iz), shape (3 ny, 3 ny), component-major."""
        ny, a = len(self.positions), self.lattice_constant
        strength = 2 * np.pi * units.COULOMB * self.charge**2 / (self.dielectric * a**2)
        half = a * ny / 2 + self.electrodes.distance
        kx, kz = self._waves(self.columns[ix], self.rows[iz])
        k = np.hypot(kx, kz)
        uniform = k == 0
        kx, kz, k = kx[~uniform], kz[~uniform], k[~uniform]
        # of the potentials that fall off from the upper and from the lower plate
        falls = np.exp(-k * (half - np.array([self.positions, -self.positions])[..., None]))
        slopes = np.array([[1j * kx, k, 1j * kz], [1j * kx, -k, 1j * kz]])
        upper, lower = (slopes[:, :, None] * falls[:, None]).reshape(2, 3 * ny, len(k))
        once = self.electrodes.reflection(k)
        twice = once**2 * np.exp(-2 * k * half)
        turn = np.arcsinh(k * self.electrodes.screening_length) + k * half
        strengths = strength / (k * -np.expm1(-4 * turn))
        block = (upper * (strengths * once)) @ upper.conj().T
        block += (lower * (strengths * once)) @ lower.conj().T
        block += (upper * (strengths * twice)) @ lower.conj().T
        block += (lower * (strengths * twice)) @ upper.conj().T
        if uniform.any():
            across = slice(ny, 2 * ny)
            block[across, across] -= strength / (half + self.electrodes.screening_length)
        return block

    def _waves(self, qx, qz):
        """k_x and k_z (1/Å) of every q + G that counts, which are as many as lie along −q."""
        a = self.lattice_constant
        largest = _LOST_IN_ROUNDING / (a + 2 * self.electrodes.distance)
        reach = int(np.ceil(largest * a / (2 * np.pi) + 1))
        n = np.array(list(product(range(-reach, reach + 1), repeat=2))).T
        kx, kz = 2 * np.pi / a * n + np.array([[qx], [qz]])
        near = np.hypot(kx, kz) <= largest
        return kx[near], kz[near]
