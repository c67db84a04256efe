"""Frozen waves of local modes along x, and the bond charge they tell (Eq. 3 on a lattice).

Two local modes u of neighbouring cells carry a dipole bilinear in them. Exchange of the two,
inversion about a cell and the fourfold axis of the bond leave one constant ζ: the bond from a cell
to its neighbour in direction R carries p = ζ [u(0) (R·u(R)) − u(R) (R·u(0))]. In a chain of n cells
along x with u_z = A cos(2πX/n) and u_x = B sin(2πX/n) they sum up to p_z = n ζ A B sin(2π/n), ζ
being that of all bonds from one layer of cells to the next.
"""

import numpy as np

from ferronhall.base.errors import ConfigError
from ferronhall.crystals.second_order import charges

LOCAL = "local:"
WAVES = {"local:z,cos": (2, np.cos), "local:x,sin": (0, np.sin)}
"""Label → direction of u and its wave along x. Both together carry the dipole; every other pair of
such waves has none along z, or one of the other sign."""


def chain_pattern(parent, label, local_mode):
    """Displacements (Å) of a wave of local modes with amplitude 1 Å, shape (n, 3).

    parent : parents.Parent, a perovskite of n × 1 × 1 cells
    label : str
        One of WAVES.
    local_mode : 4 float
        Of A, B, the oxygen on the bond along u, and one beside it; 1 for B.
    raises : ConfigError for another label, crystal or supercell
    """
    n = parent.multiples[0]
    chain = parent.family == "perovskite" and parent.multiples == (n, 1, 1) and n >= 3
    if label not in WAVES or not chain:
        raise ConfigError(
            f"mode '{label}': waves of local modes are {' and '.join(WAVES)}, of a perovskite with "
            "the supercell [n, 1, 1], n of 3 or more"
        )
    axis, wave = WAVES[label]
    at_a, at_b, along, across = local_mode
    pattern = np.zeros((len(parent.roles), 3))
    for k, (role, place) in enumerate(zip(parent.roles, parent.positions, strict=True)):
        x = place[0] * n - 0.5
        # atoms half way between two layers of B share the modes of both
        layers = [x] if abs(x - np.rint(x)) < 1e-6 else [x - 0.5, x + 0.5]
        # an oxygen's bond runs along the coordinate that differs from those of B
        bond = [(c * m) % 1 for c, m in zip(place, parent.multiples, strict=True)]
        oxygen = along if min(bond[axis], 1 - bond[axis]) < 1e-6 else across
        weight = {"A": at_a, "B": at_b, "O": oxygen}[role]
        pattern[k, axis] = weight * np.mean([wave(2 * np.pi * layer / n) for layer in layers])
    return pattern


def bond_charge(dipole, patterns, amplitudes, parent):
    """ζ (e/Å) from the dipole moment along z (e Å) of u_z ~ cos and u_x ~ sin waves.

    patterns : pair of chain_pattern
    amplitudes : pair of float, Å
        Order parameters Q (Eq. 4) of the two.
    """
    n = parent.multiples[0]
    waves = [
        np.linalg.norm(charges.displacement(pattern, amplitude, parent.cells))
        / np.linalg.norm(pattern)
        for pattern, amplitude in zip(patterns, amplitudes, strict=True)
    ]
    return dipole / (n * waves[0] * waves[1] * np.sin(2 * np.pi / n))
