"""Short-range intercell kernel K_sr(R) on the 26 neighbours of a cubic cell (Eq. S6–S8).

Seven numbers fix it by cubic symmetry (the shells of Zhong, Vanderbilt and Rabe, Phys. Rev. B 52,
6301 (1995)). The paper prints none of its entries, so named presets stand in for it, each made to
go with one dipolar kernel: adding the other one would count the dipoles twice or not at all.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np

from ferronhall.errors import ConfigError


@dataclass(frozen=True)
class Preset:
    """Seven shell constants j1…j7 (eV/Å²), the dipolar kernel they belong to, and their origin."""

    shells: tuple
    dipole_kernel: str
    origin: str


_WC = "Wu-Cohen DFPT data behind Nishimatsu et al., Phys. Rev. B 82, 134106 (2010)"
_PBESOL = "own PBEsol DFPT force constants of cubic BaTiO3 (3 x 3 x 3 q)"
_NISHIMATSU = (-2.0840250, -1.1290412, 0.6894580, -0.6113408, 0.0, 0.2768967, 0.0)
# The published shells belong to a mode normalised to Z* = 10.33 e; K scales with the square.
_NISHIMATSU_SCALE = (19.76637 / 10.33) ** 2

PRESETS = {
    "pbesol-gaussian": Preset(
        (-1.9320, -10.6302, 0.3862, -1.9115, -2.4949, 0.9828, 0.3811),
        "gaussian",
        f"{_PBESOL}; exact on the 27 commensurate q",
    ),
    "wc-gaussian": Preset(
        (-2.4219, -11.1987, 0.2206, -2.1248, -2.6050, 1.0564, 0.3902),
        "gaussian",
        f"{_WC}; exact on the 27 commensurate q",
    ),
    "pbesol-s11": Preset(
        (-6.1516, 7.3968, 2.0729, -3.7267, 6.6750, 1.2096, 3.4093),
        "longitudinal",
        f"{_PBESOL}; least-squares fit over the zone, every eigenvalue kept positive",
    ),
    "wc-s11": Preset(
        (-6.6828, 7.8665, 1.7025, -3.3117, 6.8669, 1.3577, 3.1723),
        "longitudinal",
        f"{_WC}; least-squares fit over the zone, every eigenvalue kept positive",
    ),
    "wc-unsubtracted": Preset(
        (4.2926, -18.5356, -3.1168, 1.4362, -5.3151, -0.7183, -0.7594),
        "longitudinal",
        f"{_WC}; projected force constants with no dipoles taken out (counts them twice)",
    ),
    "wc-residual": Preset(
        (-5.7447, 7.5615, 1.9019, -2.5787, 15.7633, 1.2891, 2.2518),
        "longitudinal",
        f"{_WC}; literal residual on 27 q, unstable between them",
    ),
    "nishimatsu2010": Preset(
        tuple(round(j * _NISHIMATSU_SCALE, 4) for j in _NISHIMATSU),
        "longitudinal",
        "Nishimatsu et al., Phys. Rev. B 82, 134106 (2010), scaled to Z = 19.76637 e; "
        "made for Ewald dipoles, unstable with the longitudinal kernel",
    ),
}


def preset(name, dipole_kernel):
    """Look a preset up; ConfigError when it is unknown or belongs to the other dipolar kernel."""
    if name not in PRESETS:
        raise ConfigError(
            f"short_range.preset: '{name}' is not known; choose one of {', '.join(PRESETS)}"
        )
    found = PRESETS[name]
    if found.dipole_kernel != dipole_kernel:
        fitting = [n for n, p in PRESETS.items() if p.dipole_kernel == dipole_kernel]
        raise ConfigError(
            f"short_range.preset: '{name}' was made for dipole.kernel '{found.dipole_kernel}', not "
            f"for '{dipole_kernel}'; set dipole.kernel to '{found.dipole_kernel}', or choose a "
            f"preset made for '{dipole_kernel}': {', '.join(fitting) or 'none yet'}"
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
