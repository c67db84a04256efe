"""Irreducible representations of a space group at the wave vectors of a supercell.

Labels are those of Miller and Love, as ISODISTORT prints them, for cubic crystals along x, y, z
with a symmorphic origin: by the characters of the little co-group m-3m (Γ, R) or 4/mmm (X, M), and
+ or - by inversion. A translation t is represented by exp(-i k.t).
"""

from dataclasses import dataclass

import numpy as np
from spgrep import get_spacegroup_irreps_from_primitive_symmetry

from ferronhall.base.errors import SymmetryError

_POINTS = {
    ("P", (0, 0, 0)): "Γ",
    ("P", (0, 0, 0.5)): "X",
    ("P", (0, 0.5, 0.5)): "M",
    ("P", (0.5, 0.5, 0.5)): "R",
    ("F", (0, 0, 0)): "Γ",
    ("F", (0, 0, 1)): "X",
}
"""(centring, |components| of the wave vector in 2π/a, ascending) -> name."""

_CUBIC = {(1, 1): 1, (1, -1): 2, (2, 0): 3, (3, 1): 4, (3, -1): 5}
"""m-3m: (dimension, character of a fourfold rotation); A1, A2, E, T1, T2."""

_TETRAGONAL = {(1, 1, 1): 1, (1, -1, 1): 2, (1, 1, -1): 3, (1, -1, -1): 4, (2, 0, 0): 5}
"""4/mmm: (dimension, characters of a fourfold and of a <100> rotation); A1, B1, A2, B2, E."""


@dataclass(frozen=True)
class Irrep:
    """One irreducible representation of a SpaceGroup.

    label : str
        As "Γ4-" or "X5+".
    arms : ndarray, shape (s, 3)
        Wave vectors of the star, fractional in the primitive reciprocal basis; of a star along the
        axes the arms come in the order x, y, z.
    little : ndarray of int, shape (s, l)
        Which of the group's rotations leave each arm as it is.
    small : ndarray, complex, shape (s, l, d, d)
        Unitary matrices of those operations, with the group's translations, at each arm.
    characters : ndarray, complex, shape (n, m)
        Of the full representation, for every rotation and lattice point of the group.
    """

    label: str
    arms: np.ndarray
    little: np.ndarray
    small: np.ndarray
    characters: np.ndarray

    @property
    def dimension(self):
        """Dimension of the full representation: arms times that of the small one."""
        return len(self.arms) * self.small.shape[-1]


def irreps(group):
    """All irreducible representations of a SpaceGroup whose kernel holds the supercell.

    returns : list of Irrep, by star (Γ first) and label
    raises : SymmetryError where a wave vector or its little co-group has no label here
    """
    if np.abs(group.translations).max() > 0:
        raise SymmetryError(
            f"labels need a symmorphic group, and {group.symbol} has an operation with the "
            f"translation {group.translations[np.abs(group.translations).sum(1).argmax()]}; move "
            "the origin to a site of full symmetry"
        )
    found = []
    for name, arms in _stars(group):
        small, little = get_spacegroup_irreps_from_primitive_symmetry(
            group.rotations, group.translations, arms[0]
        )
        at_star = [_irrep(group, name, arms, np.asarray(little), matrices) for matrices in small]
        found += sorted(at_star, key=lambda irrep: irrep.label)
    return found


def find_irrep(group, label):
    """The irrep of a SpaceGroup called `label`.

    raises : SymmetryError naming the labels there are
    """
    known = {irrep.label: irrep for irrep in irreps(group)}
    if label not in known:
        raise SymmetryError(f"irrep '{label}' is not among {', '.join(known)}")
    return known[label]


def _stars(group):
    """(name, arms) of every star in the supercell, Γ first."""
    waiting = [tuple(k) for k in group.wave_vectors()]
    stars = []
    while waiting:
        arms = np.unique(group.rotated(waiting[0]), axis=0)
        waiting = [k for k in waiting if k not in {tuple(arm) for arm in arms}]
        conventional = np.round(group.conventional(arms), 9)
        order = np.lexsort(-np.abs(conventional).T[::-1])
        shape = tuple(np.sort(np.abs(conventional[0])).tolist())
        if (group.symbol[0], shape) not in _POINTS:
            raise SymmetryError(
                f"wave vector {conventional[0].tolist()} 2π/a of {group.symbol} has no label here; "
                f"labelled are {sorted(set(_POINTS.values()))}"
            )
        stars.append((np.linalg.norm(shape), _POINTS[group.symbol[0], shape], arms[order]))
    return [(name, arms) for _, name, arms in sorted(stars, key=lambda star: star[0])]


def _irrep(group, name, arms, little, small):
    """The irrep induced by a small representation at the first arm."""
    label = f"{name}{_number(group, little, small)}{_parity(group, little, small)}"
    carried = group.rotated(arms[0])
    order, points = len(group.rotations), group.lattice_points
    characters = np.zeros((order, len(points)), complex)
    littles, matrices = [], []
    for arm in arms:
        to_arm = np.flatnonzero(np.all(np.isclose(carried, arm), axis=1))[0]
        at_arm, of_arm = _conjugated(group, to_arm, arms[0], little, small)
        phases = np.exp(-2j * np.pi * points @ arm)
        characters[at_arm] += np.trace(of_arm, axis1=1, axis2=2)[:, None] * phases
        littles.append(at_arm)
        matrices.append(of_arm)
    return Irrep(label, arms, np.array(littles), np.array(matrices), characters)


def _conjugated(group, to_arm, first, little, small):
    """Little group and matrices at the arm to which one operation carries the first arm.

    D_arm(g h g⁻¹) = D_first(h); g h g⁻¹ differs from the group's own operation by a lattice vector.
    """
    r, t = group.rotations[to_arm], group.translations[to_arm]
    arm = first @ np.linalg.inv(r)
    inverse = np.rint(np.linalg.inv(r)).astype(int)
    rotations = r @ group.rotations[little] @ inverse
    translations = t + group.translations[little] @ r.T - rotations @ t
    index = np.array(
        [np.flatnonzero(np.all(group.rotations == q, axis=(1, 2)))[0] for q in rotations]
    )
    shifts = np.rint(translations - group.translations[index])
    matrices = small * np.exp(2j * np.pi * shifts @ arm)[:, None, None]
    by_rotation = np.argsort(index)
    return index[by_rotation], matrices[by_rotation]


def _number(group, little, small):
    """Miller and Love's number from the characters of the little co-group."""
    cartesian = np.rint(group.cartesian_rotations[little])
    characters = np.trace(small, axis1=1, axis2=2)
    proper = np.linalg.det(cartesian) > 0
    fourfold = proper & (np.trace(cartesian, axis1=1, axis2=2) == 1)
    dimension = small.shape[-1]
    turn = [np.rint(characters[i].real).astype(int) for i in np.flatnonzero(fourfold)]
    if len(little) == 48:
        return _CUBIC[dimension, int(turn[0])]
    if len(little) != 16:
        raise SymmetryError(
            f"a little co-group of order {len(little)} in {group.symbol} has no labels here"
        )
    principal = cartesian[np.flatnonzero(fourfold)[0]]
    twofold = proper & (np.trace(cartesian, axis1=1, axis2=2) == -1)
    along_axis = np.abs(np.trace(np.abs(cartesian), axis1=1, axis2=2) - 3) < 1e-9
    secondary = twofold & along_axis & np.any(cartesian != principal @ principal, axis=(1, 2))
    half_turn = np.rint(characters[np.flatnonzero(secondary)[0]].real)
    return _TETRAGONAL[dimension, int(turn[0]), int(half_turn)]


def _parity(group, little, small):
    inversion = np.flatnonzero(np.all(group.rotations[little] == -np.eye(3), axis=(1, 2)))[0]
    return "+" if np.trace(small[inversion]).real > 0 else "-"
