"""Projections of a density on irreducible representations of a space group.

The operator of an irrep of dimension d and characters χ is P = (d/|G|) Σ_g χ(g)* g, g running over
the space group modulo the supercell's translations: the projections on all irreps add up to the
density. A translation off the points of a grid is a phase of a Fourier component, so it is exact.

The density's cell must be the group's supercell. A computed cell that the group does not map onto
itself is repeated first (`Density.repeated`: the 1 x 1 x 2 cell of a perovskite to 2 x 2 x 2). For
an irrep at Γ it may be folded to the primitive cell instead (`Density.folded`), which is the sum
over translations in P done at once.
"""

import numpy as np

from ferronhall.base.errors import SymmetryError
from ferronhall.crystals.second_order.density import Density


def irrep_weights(group, irrep):
    """Weights d χ(g)*/|G| of the operations in the projection on an irrep, shape (n, m)."""
    return irrep.dimension / group.order * irrep.characters.conj()


def polar_row_weights(group, axis):
    """Weights of the projection on one partner of the polar irrep (Γ4- of a cubic group).

    Its matrices are the rotations themselves, so that the partner along a Cartesian axis has the
    weights d R_aa/|G|; d = 1/<R_aa²>.

    axis : int, 0 to 2
    returns : ndarray, shape (n, m)
    """
    diagonal = group.cartesian_rotations[:, axis, axis]
    weights = diagonal / np.sum(diagonal**2) / len(group.lattice_points)
    return np.repeat(weights[:, None], len(group.lattice_points), axis=1)


def project(density, group, weights):
    """The sum of w(g) g n over the operations of a group, (g n)(r) = n(g⁻¹ r).

    density : Density in the group's supercell
    group : SpaceGroup
    weights : ndarray, shape (n, m)
        By rotation and lattice point: irrep_weights or polar_row_weights.
    returns : Density
    raises : SymmetryError where the density's cell is not the group's supercell
    """
    _require_supercell(density, group)
    density = _closed(density, group)
    miller = density.miller
    find = _finder(miller)
    total = np.zeros(len(miller), complex)
    for rotation, translation, row in zip(
        group.rotations, group.translations, weights, strict=True
    ):
        if not np.any(row):
            continue
        carried = _carried(miller, group, rotation)
        waves = carried @ np.linalg.inv(group.supercell).T
        shifts = np.exp(-2j * np.pi * waves @ group.lattice_points.T) @ row
        phases = np.exp(-2j * np.pi * waves @ translation) * shifts
        total[find(carried)] += phases * density.coefficients
    return Density(density.cell, miller, total)


def _carried(miller, group, rotation):
    """Indices of the waves that a rotation makes of those with indices `miller`."""
    primitive = miller @ np.linalg.inv(group.supercell).T
    return np.rint(primitive @ np.linalg.inv(rotation) @ group.supercell.T).astype(int)


def _finder(miller):
    """Function from indices of waves to their places in `miller`, -1 where they are not there."""
    reach = 4 * np.abs(miller).max() + 1
    base = np.array([(2 * reach + 1) ** 2, 2 * reach + 1, 1])
    keys = miller @ base
    order = np.argsort(keys)

    def find(wanted):
        places = np.searchsorted(keys[order], wanted @ base).clip(max=len(keys) - 1)
        places = order[places]
        return np.where(keys[places] == wanted @ base, places, -1)

    return find


def _closed(density, group):
    """The density with the waves, of amplitude 0, that rotations make of its own."""
    find = _finder(density.miller)
    extra = []
    for rotation in group.rotations:
        carried = _carried(density.miller, group, rotation)
        extra.append(np.unique(carried[find(carried) < 0], axis=0))
    new = np.unique(np.concatenate(extra), axis=0)
    return Density(
        density.cell,
        np.concatenate([density.miller, new]),
        np.concatenate([density.coefficients, np.zeros(len(new))]),
    )


def _require_supercell(density, group):
    expected = group.supercell @ group.lattice
    if np.abs(density.cell - expected).max() > 1e-4 * np.abs(expected).max():
        raise SymmetryError(
            f"the density's cell {np.round(density.cell, 4).tolist()} Å is not the supercell of "
            f"{group.symbol}, {np.round(expected, 4).tolist()} Å; repeat or fold it"
        )
