"""The part of a density that transforms as one partner of the polar irrep, by its fewest numbers.

In a centrosymmetric crystal the polar part n_z of a real density is odd under inversion, so n_z(G)
is imaginary; and an operation that maps the axis on itself multiplies n_z by R_zz = ±1, so one wave
of each of its orbits is enough.
"""

import numpy as np

from ferronhall.base.errors import SymmetryError
from ferronhall.crystals.second_order.density import Density
from ferronhall.crystals.second_order.density_projection import polar_row_weights, project

AXIS = 2
"""The polar axis is z."""


def polar_part(density, group):
    """Projection on the z partner of the polar irrep, in the primitive cell.

    density : Density
        In any supercell of the group's primitive cell, which it is folded to.
    group : SpaceGroup of the primitive cell
    returns : Density
    raises : SymmetryError where the density's cell is no supercell of the primitive one
    """
    supercell = density.cell @ np.linalg.inv(group.lattice)
    if np.abs(supercell - np.rint(supercell)).max() > 1e-4:
        raise SymmetryError(
            f"the density's cell {np.round(density.cell, 4).tolist()} Å is no supercell of "
            f"{np.round(group.lattice, 4).tolist()} Å; give the lattice it was computed with"
        )
    folded = density.folded(np.rint(supercell).astype(int))
    # the lattices agree to the digits of an input file; the symmetry is the parent's
    folded = Density(group.lattice, folded.miller, folded.coefficients)
    return project(folded, group, polar_row_weights(group, AXIS))


def condensed(density, group):
    """One wave of each orbit of a polar part.

    density : Density, a polar_part
    group : SpaceGroup with an inversion at the origin, symmorphic
    returns : (miller, amplitudes), shapes (g, 3) and (g,); n(G) = i amplitude, e/Å³
    """
    orbits = np.array([_carried(density.miller, r) for r, _ in _stabiliser(group)])
    keys = orbits @ _base(density.miller)
    first = keys.argmax(axis=0) == 0
    # of a wave that the axis's own operations change in sign there is nothing
    kept = first & (np.abs(density.coefficients) > 1e-14)
    order = np.lexsort(density.miller[kept].T[::-1])
    return density.miller[kept][order], density.coefficients[kept].imag[order]


def restored(miller, amplitudes, group):
    """The polar part that `condensed` has reduced.

    returns : Density in the primitive cell
    """
    orbits = [(_carried(miller, r), sign * amplitudes) for r, sign in _stabiliser(group)]
    everywhere = np.concatenate([m for m, _ in orbits])
    values = np.concatenate([a for _, a in orbits])
    found, where = np.unique(everywhere, axis=0, return_index=True)
    return Density(group.lattice, found, 1j * values[where])


def _stabiliser(group):
    """(rotation, ±1) of the operations that map the polar axis on itself, identity first."""
    signs = group.cartesian_rotations[:, AXIS, AXIS]
    if np.abs(group.translations).max() > 0 or np.linalg.det(group.rotations).min() > 0:
        raise SymmetryError(
            f"a polar part is kept for a symmorphic centrosymmetric group, not {group.symbol}"
        )
    chosen = [(r, np.rint(s)) for r, s in zip(group.rotations, signs, strict=True) if s**2 > 0.5]
    return sorted(chosen, key=lambda pair: not np.array_equal(pair[0], np.eye(3)))


def _carried(miller, rotation):
    return np.rint(miller @ np.linalg.inv(rotation)).astype(int)


def _base(miller):
    reach = 4 * np.abs(miller).max() + 1
    return np.array([(2 * reach + 1) ** 2, 2 * reach + 1, 1])
