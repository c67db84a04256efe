"""The plain engine that speed figures are ratios to: numpy and scipy in double precision.

Written as one would from the paper: 26 rolled neighbours for the short range, a padded FFT for the
dipoles, one array expression a sub-step, noise from numpy's Generator.
"""

from itertools import product

import numpy as np
import scipy.fft

from ferronhall.model import dipole
from ferronhall.model.bath import bath_coefficients


class PlainEngine:
    """State and motion of one trajectory, fields of shape (3, nx, ny, nz)."""

    def __init__(self, model, seed):
        slab, material = model.slab, model.material
        self.slab, self.well, self.mass = slab, material.onsite, material.mass[0, 0]
        self.h = model.h
        self.bonds = model.operator.bonds
        box = (slab.nx, slab.padding, slab.nz)
        q = dipole.wave_vectors(box, material.lattice_constant)[..., : slab.nz // 2 + 1]
        self.dipoles = dipole.gaussian(q, material, 1.2)
        self.half_turn = model.field.rotation(model.h / 2)
        decay, amplitude = bath_coefficients(model)
        self.decay, self.amplitude = decay[:, :, None], amplitude[:, :, None]
        self.rng = np.random.default_rng(seed)
        self.u = np.zeros((3, *slab.shape))
        self.u[0] = self.well.amplitude
        self.v = np.zeros_like(self.u)
        self.f = self.force()

    def force(self):
        """On-site, short-range and dipolar force (eV/Å), Eqs. S5, S8 and S12."""
        return self.well.force(self.u) + self.short_range_force() + self.dipolar_force()

    def short_range_force(self):
        """Eq. S8 with bonds cut at the open faces."""
        total = np.zeros_like(self.u)
        ny = self.slab.ny
        for n in product((-1, 0, 1), repeat=3):
            if n == (0, 0, 0):
                continue
            difference = np.roll(self.u, (-n[0], -n[1], -n[2]), axis=(1, 2, 3)) - self.u
            if n[1]:
                difference[:, :, ny - 1 if n[1] > 0 else 0] = 0
            total -= np.tensordot(self.bonds[n[0] + 1, n[1] + 1, n[2] + 1], difference, axes=1)
        return total

    def dipolar_force(self):
        """Eq. S12 on the padded box."""
        slab = self.slab
        padded = np.zeros((3, slab.nx, slab.padding, slab.nz))
        padded[:, :, : slab.ny] = self.u
        uq = scipy.fft.rfftn(padded, axes=(1, 2, 3))
        fq = -np.einsum("ab...,b...->a...", self.dipoles, uq)
        return scipy.fft.irfftn(fq, s=padded.shape[1:], axes=(1, 2, 3))[:, :, : slab.ny]

    def step(self):
        """One substep B A G O G A B."""
        self.v += self.h / 2 / self.mass * self.f
        self.u += self.h / 2 * self.v
        self.v = np.tensordot(self.half_turn, self.v, axes=1)
        self.v = self.decay * self.v + self.amplitude * self.rng.normal(size=self.v.shape)
        self.v = np.tensordot(self.half_turn, self.v, axes=1)
        self.u += self.h / 2 * self.v
        self.f = self.force()
        self.v += self.h / 2 / self.mass * self.f
