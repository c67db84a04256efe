"""How a crystal's operations act on displacements of the atoms of a supercell."""

from dataclasses import dataclass

import numpy as np

from ferronhall.base.errors import SymmetryError
from ferronhall.crystals.second_order.parents import primitive
from ferronhall.crystals.second_order.space_group import space_group

_SAME = 1e-6
"""Distance (Å) within which an atom stands where another stood."""


@dataclass(frozen=True)
class SymmetryAction:
    """The operations of a parent crystal that keep a supercell, and what they do to its atoms.

    rotations : ndarray, shape (g, 3, 3), Cartesian
    permutations : ndarray of int, shape (g, n)
        Where each takes atom κ.
    which : ndarray of int, shape (g, 2)
        Rotation and lattice point of the SpaceGroup that each operation is.
    """

    rotations: np.ndarray
    permutations: np.ndarray
    which: np.ndarray

    def on(self, displacements, operation):
        """Displacements, shape (..., n, 3), carried along by one operation."""
        moved = np.empty_like(displacements)
        moved[..., self.permutations[operation], :] = displacements @ self.rotations[operation].T
        return moved


def parent_group(parent):
    """The SpaceGroup of a parent crystal, modulo the smallest cubic supercell that holds its own.

    parent : parents.Parent
    """
    lattice, positions, symbols = primitive(parent)
    edge = parent.lattice_constant * max(parent.multiples)
    cell = np.rint(edge * np.linalg.inv(lattice)).astype(int)
    numbers = [sorted(set(symbols)).index(symbol) for symbol in symbols]
    return space_group(lattice, positions, numbers, cell)


def symmetry_action(parent, group):
    """The action of a parent's SpaceGroup on the atoms of its supercell.

    parent : parents.Parent
    group : as parent_group gives it
    """
    edges, places = parent.edges, parent.positions * parent.edges
    rotations, permutations, which = [], [], []
    shifts = group.lattice_points @ group.lattice
    fixed = group.translations @ group.lattice
    distinct = set()
    for r, (rotation, translation) in enumerate(zip(group.cartesian_rotations, fixed, strict=True)):
        turned = np.rint(rotation @ np.diag(parent.multiples) @ rotation.T)
        if not np.array_equal(turned, np.diag(parent.multiples)):
            continue
        for m, shift in enumerate(shifts):
            moved = places @ rotation.T + translation + shift
            offset = (moved[:, None] - places[None]) / edges
            distance = np.linalg.norm((offset - np.rint(offset)) * edges, axis=2)
            image = distance.argmin(axis=1)
            if distance.min(axis=1).max() > _SAME:
                raise SymmetryError(
                    "an operation of the parent crystal does not map the supercell's atoms onto "
                    "each other; take the positions of the parent"
                )
            # lattice points of the larger cell of full symmetry that are the same in this one
            if (r, *image) not in distinct:
                distinct.add((r, *image))
                rotations.append(rotation)
                permutations.append(image)
                which.append((r, m))
    return SymmetryAction(np.array(rotations), np.array(permutations), np.array(which))
