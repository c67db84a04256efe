"""The finite group of a supercell: a space group modulo the supercell's translations."""

from dataclasses import dataclass

import numpy as np
import spglib

from ferronhall.base.errors import SymmetryError

_SYMPREC = 1e-5


@dataclass(frozen=True)
class SpaceGroup:
    """Operations r -> R r + t + T of a crystal, T running over the lattice points of a supercell.

    symbol : str
        International symbol.
    lattice : ndarray, shape (3, 3), Å
        Rows are the primitive vectors.
    rotations : ndarray of int, shape (n, 3, 3)
        In the primitive basis; they act on fractional coordinates from the left.
    translations : ndarray, shape (n, 3)
        Fractional, each in [0, 1).
    supercell : ndarray of int, shape (3, 3)
        Rows are the supercell's vectors in the primitive basis.
    lattice_points : ndarray of int, shape (m, 3)
        Primitive translations modulo the supercell's, in the primitive basis.
    """

    symbol: str
    lattice: np.ndarray
    rotations: np.ndarray
    translations: np.ndarray
    supercell: np.ndarray
    lattice_points: np.ndarray

    @property
    def order(self):
        """Number of operations, n m."""
        return len(self.rotations) * len(self.lattice_points)

    @property
    def cartesian_rotations(self):
        """Rotations in Cartesian coordinates, shape (n, 3, 3)."""
        return np.einsum(
            "ai,nij,jb->nab", self.lattice.T, self.rotations, np.linalg.inv(self.lattice.T)
        )

    @property
    def cubic_constant(self):
        """Edge (Å) of the conventional cell of a cubic lattice P, I or F along the axes."""
        points = {"P": 1, "I": 2, "F": 4}[self.symbol[0]]
        return (points * abs(np.linalg.det(self.lattice))) ** (1 / 3)

    def conventional(self, wave_vectors):
        """Wave vectors in units of 2π over the cubic edge, along x, y, z.

        wave_vectors : ndarray, shape (..., 3)
            Fractional, in the basis reciprocal to the primitive one.
        """
        return np.asarray(wave_vectors) @ np.linalg.inv(self.lattice).T * self.cubic_constant

    def wave_vectors(self):
        """Wave vectors periodic in the supercell, shape (m, 3), fractional in [0, 1)."""
        inverse = np.linalg.inv(self.supercell)
        found = _inside(self.supercell.T) @ inverse.T
        return np.round(found % 1, 12) % 1

    def rotated(self, wave_vector):
        """The wave vector carried along by every rotation, shape (n, 3), fractional in [0, 1)."""
        carried = np.asarray(wave_vector) @ np.rint(np.linalg.inv(self.rotations))
        return np.round(carried % 1, 12) % 1


def space_group(lattice, positions, numbers, supercell=None):
    """The finite group of a crystal in a supercell.

    lattice : array, shape (3, 3), Å
        Rows are the primitive vectors; the origin of `positions` is the group's.
    positions : array, shape (n, 3)
        Fractional.
    numbers : sequence of int, shape (n,)
        One number a chemical element.
    supercell : array of int, shape (3, 3), optional
        Rows are the supercell's vectors in the primitive basis; by default the primitive cell.
    returns : SpaceGroup
    raises : SymmetryError where the cell is not primitive, or a rotation of the crystal does not
        map the supercell's lattice onto itself
    """
    lattice = np.asarray(lattice, dtype=float)
    supercell = np.eye(3, dtype=int) if supercell is None else np.asarray(supercell, dtype=int)
    found = spglib.get_symmetry_dataset((lattice, positions, numbers), symprec=_SYMPREC)
    if found is None:
        raise SymmetryError("spglib finds no space group; check the lattice and the positions")
    translations = found.translations % 1
    translations[np.abs(translations - 1) < _SYMPREC] = 0
    pure = np.all(found.rotations == np.eye(3, dtype=int), axis=(1, 2))
    if pure.sum() > 1:
        raise SymmetryError(
            f"the cell holds {pure.sum()} primitive cells; give the primitive one, and the larger "
            "one as its supercell"
        )
    group = SpaceGroup(
        found.international,
        lattice,
        found.rotations,
        translations,
        supercell,
        _inside(supercell),
    )
    _require_invariant(group)
    return group


def _inside(supercell):
    """Integer points in the supercell, one for each class modulo its translations."""
    corners = np.array(np.meshgrid([0, 1], [0, 1], [0, 1])).reshape(3, -1).T @ supercell
    ranges = [np.arange(a, b + 1) for a, b in zip(corners.min(0), corners.max(0), strict=True)]
    grid = np.array(np.meshgrid(*ranges, indexing="ij")).reshape(3, -1).T
    fractions = np.round(grid @ np.linalg.inv(supercell), 9)
    return grid[np.all((fractions >= 0) & (fractions < 1), axis=1)]


def _require_invariant(group):
    rows = group.supercell @ np.swapaxes(group.rotations, 1, 2)
    fractions = rows @ np.linalg.inv(group.supercell)
    if np.abs(fractions - np.rint(fractions)).max() > 1e-9:
        edges = np.linalg.norm(group.supercell @ group.lattice, axis=1)
        raise SymmetryError(
            f"the supercell with edges {np.round(edges, 3).tolist()} Å is not invariant under the "
            f"rotations of {group.symbol}; repeat it to one that is, as 2 x 2 x 2"
        )
