"""Short-range intercell kernel K_sr(R) on the 26 neighbours of a cubic cell (Eq. S6–S8).

Seven numbers fix it by cubic symmetry (the shells of Zhong, Vanderbilt and Rabe, Phys. Rev. B 52,
6301 (1995)). They are part of the material: its file names presets, each made to go with one
dipolar kernel, since adding the other one would count the dipoles twice or not at all.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np

from ferronhall.base.errors import ConfigError


@dataclass(frozen=True)
class Preset:
    """Seven shell constants j1…j7 (eV/Å²), the dipolar kernel they belong to, and their origin.

    eta_a : float, or None where the file does not say
        Width of the gaussian dipoles that were taken out.
    """

    shells: tuple
    dipole_kernel: str
    origin: str
    eta_a: float | None = None


def presets(content):
    """The presets of a material file's `short_range` section, name → Preset."""
    return {
        name: Preset(
            tuple(entry["shells_eV_per_A2"]),
            entry["dipole_kernel"],
            entry["origin"],
            entry.get("eta_a"),
        )
        for name, entry in content.items()
    }


def choose(known, name, dipole_kernel, eta_a):
    """One of a material's presets; ConfigError when it is unknown or made for other dipoles.

    known : dict, name → Preset
    dipole_kernel, eta_a : as in dipole.dipole_kernel
    """
    if name not in known:
        raise ConfigError(
            f"short_range.preset: '{name}' is not known for this material; choose one of "
            f"{', '.join(known)}"
        )
    found = known[name]
    if found.dipole_kernel != dipole_kernel:
        fitting = [n for n, p in known.items() if p.dipole_kernel == dipole_kernel]
        raise ConfigError(
            f"short_range.preset: '{name}' was made for dipole.kernel '{found.dipole_kernel}', not "
            f"for '{dipole_kernel}'; set dipole.kernel to '{found.dipole_kernel}', or choose a "
            f"preset made for '{dipole_kernel}': {', '.join(fitting) or 'none yet'}"
        )
    if dipole_kernel == "gaussian" and found.eta_a not in (None, eta_a):
        raise ConfigError(
            f"dipole.eta_a: {eta_a:g} is not the width that short_range.preset '{name}' was made "
            f"for, {found.eta_a:g}; set dipole.eta_a to {found.eta_a:g}, or fit the shells anew "
            "with ferronhall-material"
        )
    return found


def kernel(shells):
    """K_sr(R) of every R in {−1, 0, 1}³, zero-sum.

    shells : sequence of 7 floats, eV/Å²
    returns : ndarray, shape (3, 3, 3, 3, 3), eV/Å²
        Indexed [n_x + 1, n_y + 1, n_z + 1, α, β].
    """
    j1, j2, j3, j4, j5, j6, j7 = shells
    # (diagonal along R, diagonal across R, off-diagonal) for one, two and three nonzero entries
    by_length = {1: (j2, j1, 0.0), 2: (j3, j4, j5), 3: (j6, j6, j7)}
    values = np.zeros((3, 3, 3, 3, 3))
    for bond in product((-1, 0, 1), repeat=3):
        if bond == (0, 0, 0):
            continue
        n = np.array(bond)
        along, across, mixed = by_length[int(np.abs(n).sum())]
        matrix = mixed * np.outer(n, n).astype(float)
        matrix[np.diag_indices(3)] = np.where(n != 0, along, across)
        values[tuple(n + 1)] = matrix
    values[1, 1, 1] = -values.sum(axis=(0, 1, 2))
    return values


def layer_stiffness(values, ny):
    """What the cut bonds change on site, per y layer: −Σ_R K_sr(R) over the bonds that exist.

    values : ndarray, shape (3, 3, 3, 3, 3), eV/Å²
    returns : ndarray, shape (ny, 3, 3), eV/Å²
        The on-site block of the Hessian that makes a uniform field free of force (Eq. S8). It
        equals K_sr(0) away from the open faces.
    """
    by_dy = values.sum(axis=(0, 2)).copy()
    by_dy[1] -= values[1, 1, 1]
    stiffness = np.zeros((ny, 3, 3))
    for layer in range(ny):
        for dy in (-1, 0, 1):
            if 0 <= layer + dy < ny:
                stiffness[layer] -= by_dy[dy + 1]
    return stiffness
