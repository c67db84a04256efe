"""The softest branch along Γ–X–M–R: the crystal's, and what the model keeps of it."""

from dataclasses import dataclass

import numpy as np

from ferronhall.crystals.phonons import dispersion
from ferronhall.crystals.phonons.projected_kernel import centred_shares, projected_kernel

CORNERS = (("Γ", (0, 0, 0)), ("X", (0, 0.5, 0)), ("M", (0.5, 0.5, 0)), ("R", (0.5, 0.5, 0.5)))

_PER_SEGMENT = 7
_NEAR_ORIGIN = 1e-3
"""Fraction of the first step at which the path begins: at Γ itself dipoles have no one value."""


@dataclass(frozen=True)
class SoftBranch:
    """Smallest stiffness along the path (eV/Å²).

    waves : ndarray, shape (m, 3), fractions
    corners : dict, label → index
    crystal : ndarray, shape (m,)
        Of the projected force constants, dipoles interpolated by themselves.
    model : dict, dipolar kernel → ndarray, shape (m,)
    """

    waves: np.ndarray
    corners: dict
    crystal: np.ndarray
    model: dict

    def differs(self, name):
        """Waves at which crystal and model disagree on whether the branch is unstable."""
        ours = self.model[name]
        clear = np.minimum(np.abs(ours), np.abs(self.crystal)) > 0.01 * abs(self.crystal[0])
        return self.waves[(ours * self.crystal < 0) & clear]


def soft_branch(data, material, fits):
    """SoftBranch of FirstPrinciples and of the model with each of the fits.

    fits : dict, dipolar kernel → ShellFit
    """
    cubic = data.cubic
    path = dispersion.zone_path(CORNERS, cubic.cell.cell, _PER_SEGMENT)
    kept = [k for k in range(len(path.waves)) if k == 0 or k % _PER_SEGMENT]
    waves = path.waves[kept]
    waves[0] = _NEAR_ORIGIN * waves[1]
    shares = centred_shares(cubic.cell, data.soft_mode.b_site)
    pattern = material.mode.eigenvector
    crystal = projected_kernel(cubic, pattern, shares, waves, with_dipoles=True)
    stiffness = projected_kernel(cubic, pattern, shares, np.zeros((1, 3)))[0].real
    eta_a = data.content["eta_a"]
    model = {
        name: np.linalg.eigvalsh(
            dispersion.model_kernel(fit.shells, name, waves, material, eta_a) + stiffness
        )[:, 0]
        for name, fit in fits.items()
    }
    step = _PER_SEGMENT - 1
    corners = {label: n * step for n, (label, _) in enumerate(CORNERS)}
    return SoftBranch(waves, corners, np.linalg.eigvalsh(crystal)[:, 0], model)
