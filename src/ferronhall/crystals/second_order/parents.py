"""The centrosymmetric parent crystals, cubic fluorite and perovskite, and their supercells."""

from dataclasses import dataclass
from itertools import product

import numpy as np

ROLES = {"fluorite": ("M", "O"), "perovskite": ("A", "B", "O")}
"""Family → places in the formula."""

_FCC = ((0.0, 0.0, 0.0), (0.0, 0.5, 0.5), (0.5, 0.0, 0.5), (0.5, 0.5, 0.0))


@dataclass(frozen=True)
class Parent:
    """A supercell of a cubic parent crystal, its edges along the cubic axes.

    family : "fluorite" (MO2, origin at M) or "perovskite" (ABO3, origin at A)
    edges : ndarray, shape (3,), Å
    symbols : tuple of str, length n
    roles : tuple of str, length n
        "M" and "O", or "A", "B" and "O": the atom's place in the formula.
    positions : ndarray, shape (n, 3), fractions of the edges
    cells : int
        Primitive cells in the supercell, N of Eq. 3.
    multiples : tuple of 3 int
        Cubic cells along each edge.
    """

    family: str
    edges: np.ndarray
    symbols: tuple
    roles: tuple
    positions: np.ndarray
    cells: int
    multiples: tuple

    @property
    def lattice_constant(self):
        """a of the cubic cell (Å)."""
        return float(self.edges[0] / self.multiples[0])


def supercell(family, species, lattice_constant, multiples=(1, 1, 1)):
    """A supercell of a parent crystal.

    family : key of ROLES
    species : sequence of str
        Elements in the order of the formula: (M, O) or (A, B, O).
    lattice_constant : float, Å
        Of the cubic cell: twelve atoms in the fluorite, five in the perovskite.
    multiples : 3 int
        Cubic cells along each edge.
    """
    if family == "fluorite":
        oxygens = [tuple((o + np.array(p)) % 1) for o in (0.25, 0.75) for p in _FCC]
        sites = [("M", p) for p in _FCC] + [("O", p) for p in oxygens]
    else:
        sites = [
            ("A", (0.0, 0.0, 0.0)),
            ("B", (0.5, 0.5, 0.5)),
            ("O", (0.5, 0.5, 0.0)),
            ("O", (0.5, 0.0, 0.5)),
            ("O", (0.0, 0.5, 0.5)),
        ]
    element = dict(zip(ROLES[family], species, strict=True))
    copies = [np.array(shift) for shift in product(*map(range, multiples))]
    positions = np.array([(shift + p) / multiples for shift in copies for _, p in sites])
    roles = tuple(role for _ in copies for role, _ in sites)
    per_cubic_cell = 4 if family == "fluorite" else 1
    return Parent(
        family,
        lattice_constant * np.array(multiples, float),
        tuple(element[role] for role in roles),
        roles,
        positions,
        per_cubic_cell * len(copies),
        tuple(multiples),
    )


def primitive(parent):
    """The primitive cell: lattice (rows, Å), fractional positions and symbols, the origin kept."""
    a = parent.lattice_constant
    if parent.family == "fluorite":
        lattice = a / 2 * np.array([[0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 0.0]])
        roles = ("M", "O", "O")
        places = np.array([[0.0] * 3, [0.25] * 3, [0.75] * 3])
    else:
        lattice = a * np.eye(3)
        roles = parent.roles[:5]
        places = parent.positions[:5] * parent.multiples % 1
    element = dict(zip(parent.roles, parent.symbols, strict=True))
    fractions = places * a @ np.linalg.inv(lattice) % 1
    return lattice, fractions, tuple(element[role] for role in roles)


def symmetric_supercell(parent):
    """The smallest supercell that holds a parent's supercell and has the full cubic symmetry."""
    element = dict(zip(parent.roles, parent.symbols, strict=True))
    return supercell(
        parent.family,
        list(element.values()),
        parent.lattice_constant,
        (max(parent.multiples),) * 3,
    )
