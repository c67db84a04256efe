"""Irreps of the parents' supercells: orthogonality, completeness, and labels of known patterns."""

import numpy as np
import pytest

from ferronhall.base.errors import SymmetryError
from ferronhall.crystals.second_order.irreps import find_irrep, irreps
from ferronhall.crystals.second_order.space_group import space_group

FCC = np.array([[0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]])
CONVENTIONAL = np.array([[-1, 1, 1], [1, -1, 1], [1, 1, -1]])
FLUORITE = (5.02 * FCC, [[0, 0, 0], [0.25] * 3, [0.75] * 3], [72, 8, 8])
PEROVSKITE = (
    3.86 * np.eye(3),
    [[0, 0, 0], [0.5, 0.5, 0.5], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]],
    [38, 22, 8, 8, 8],
)
PARENTS = {"fluorite": FLUORITE, "perovskite": PEROVSKITE}
GROUPS = {
    "fluorite": space_group(*FLUORITE, CONVENTIONAL),
    "perovskite": space_group(*PEROVSKITE, 2 * np.eye(3, dtype=int)),
}


@pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS)
def test_characters_are_orthogonal_and_complete(group):
    found = irreps(group)
    table = np.array([irrep.characters.ravel() for irrep in found])
    assert np.abs(table @ table.conj().T / group.order - np.eye(len(found))).max() < 1e-10
    assert sum(irrep.dimension**2 for irrep in found) == group.order
    assert len({irrep.label for irrep in found}) == len(found)


@pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS)
def test_small_representations_multiply_as_the_little_group(group):
    for irrep in irreps(group):
        for little, small in zip(irrep.little, irrep.small, strict=True):
            where = {group.rotations[i].tobytes(): n for n, i in enumerate(little)}
            for a in range(len(little)):
                for b in range(0, len(little), 5):
                    product = group.rotations[little[a]] @ group.rotations[little[b]]
                    expected = small[where[product.tobytes()]]
                    assert np.allclose(small[a] @ small[b], expected, atol=1e-8)


def test_arms_stand_for_the_axes():
    for group in GROUPS.values():
        arms = find_irrep(group, "X5+").arms
        assert np.array_equal(np.argmax(group.conventional(arms), axis=1), [0, 1, 2])


X, Y, Z = np.eye(3)
NONE = np.zeros(3)


def sign(x):
    """+1 and −1 on the two anion planes of a fluorite cell, at 1/4 and 3/4."""
    return np.sin(2 * np.pi * x)


def tilt_about_z(in_phase):
    """Octahedra turning about z, neighbours in the plane oppositely; displacement of oxygens."""

    def pattern(element, r):
        corner = np.floor(r + 1e-9)
        in_plane = [axis for axis in (0, 1) if abs(r[axis] - corner[axis]) < 1e-9]
        if element != 8 or not in_plane or abs(r[2] - corner[2]) < 1e-9:
            return NONE
        turn = (-1) ** (corner[0] + corner[1] + (0 if in_phase else corner[2]))
        return turn * np.cross(Z, -np.eye(3)[in_plane[0]])

    return pattern


def of(element, field):
    """A displacement field on one element alone, as a pattern (element, r / edge) -> vector."""
    return lambda e, r: field(r) if e == element else NONE


PATTERNS = [
    ("fluorite", "Γ4-", of(72, lambda r: Z)),
    ("fluorite", "X5+", of(8, lambda r: sign(r[1]) * Z)),
    ("fluorite", "X5+", of(8, lambda r: sign(r[0]) * Y)),
    ("fluorite", "X2-", of(8, lambda r: sign(r[1]) * sign(r[2]) * X)),
    ("fluorite", "X3-", of(72, lambda r: np.cos(2 * np.pi * r[1]) * Y)),
    ("fluorite", "X5-", of(72, lambda r: np.cos(2 * np.pi * r[2]) * X)),
    ("fluorite", "X5-", of(8, lambda r: sign(r[0]) * sign(r[1]) * Y)),
    ("perovskite", "Γ4-", of(22, lambda r: Z)),
    ("perovskite", "M2+", tilt_about_z(in_phase=True)),
    ("perovskite", "R5-", tilt_about_z(in_phase=False)),
    ("perovskite", "X1+", of(22, lambda r: np.sin(np.pi * r[2]) * Z)),
    ("perovskite", "X3-", of(38, lambda r: np.cos(np.pi * r[2]) * Z)),
    ("perovskite", "X5+", of(22, lambda r: np.sin(np.pi * r[2]) * X)),
    ("perovskite", "X5-", of(38, lambda r: np.cos(np.pi * r[2]) * X)),
]
"""(parent, irrep in ISODISTORT's labels, displacements): nonpolar modes, tilts, polar modes."""


def atoms(group, positions, numbers):
    """Elements and Cartesian positions (in units of the cubic edge) in the group's supercell."""
    cells = group.lattice_points[:, None] + np.asarray(positions)
    return np.tile(numbers, len(cells)), cells.reshape(-1, 3) @ group.lattice / group.cubic_constant


def rotated(group, rotation, shift, positions, displacements):
    """Displacements after an operation: each arrives at the atom its own is carried to."""
    to_supercell = np.linalg.inv(group.supercell @ group.lattice) * group.cubic_constant
    carried = positions @ rotation.T + shift
    apart = (carried[:, None] - positions) @ to_supercell
    arrives = np.argmin(np.abs(apart - np.rint(apart)).max(axis=2), axis=1)
    result = np.empty_like(displacements)
    result[arrives] = displacements @ rotation.T
    return result


@pytest.mark.parametrize(
    ("parent", "label", "pattern"), PATTERNS, ids=[f"{p}-{label}" for p, label, _ in PATTERNS]
)
def test_known_displacements_have_their_labels(parent, label, pattern):
    group = GROUPS[parent]
    elements, positions = atoms(group, *PARENTS[parent][1:])
    displacements = np.array([pattern(e, r) for e, r in zip(elements, positions, strict=True)])
    irrep = find_irrep(group, label)
    projected = np.zeros_like(displacements)
    for r, t, row in zip(
        group.cartesian_rotations, group.translations, irrep.characters, strict=True
    ):
        for point, character in zip(group.lattice_points, row, strict=True):
            shift = (t + point) @ group.lattice / group.cubic_constant
            carried = rotated(group, r, shift, positions, displacements)
            projected += irrep.dimension / group.order * character.real * carried
    assert np.abs(displacements).max() > 0.9
    assert np.abs(projected - displacements).max() < 1e-9


def test_a_supercell_of_lower_symmetry_is_refused():
    with pytest.raises(SymmetryError, match="2 x 2 x 2"):
        space_group(*PEROVSKITE, np.diag([1, 1, 2]))


def test_an_unknown_label_is_refused_with_those_there_are():
    with pytest.raises(SymmetryError, match="X5-"):
        find_irrep(GROUPS["fluorite"], "R5-")
