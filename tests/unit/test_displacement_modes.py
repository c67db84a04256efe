"""Displacement patterns by symmetry, and which pairs of them carry a dipole."""

import numpy as np
import pytest

from ferronhall.base.errors import ConfigError
from ferronhall.crystals.second_order import charges, tensor_symmetry
from ferronhall.crystals.second_order.atom_patterns import atom_pattern, polar_pattern
from ferronhall.crystals.second_order.displacement_modes import mode_space, mode_spaces
from ferronhall.crystals.second_order.parents import supercell
from ferronhall.crystals.second_order.selection_rule import allowed_pairs, mode_pair
from ferronhall.crystals.second_order.symmetry_action import parent_group, symmetry_action

FLUORITE = supercell("fluorite", ("Hf", "O"), 5.02)
PEROVSKITE = supercell("perovskite", ("Sr", "Ti", "O"), 3.86, (1, 1, 2))
PARENTS = [FLUORITE, PEROVSKITE]


@pytest.fixture(scope="module", params=PARENTS, ids=lambda parent: parent.family)
def parent(request):
    return request.param


@pytest.fixture(scope="module")
def spaces(parent):
    return mode_spaces(parent)


def test_the_labels_are_those_of_the_literature():
    found = mode_spaces(FLUORITE)
    assert {s.irrep for s in found.values()} == {*("Γ4-", "Γ5+", "X1+", "X2-", "X3-", "X5+", "X5-")}
    # the cations' zone-boundary modes, and the oxygens' tetragonal distortion of zirconia
    at_x = {label.replace(",x", "") for label in found if ",x" in label}
    assert at_x == {"X1+:O", "X2-:O", "X3-:Hf", "X5+:O", "X5-:Hf", "X5-:O"}
    columns = found["X2-,z:O"].patterns[0]
    places = FLUORITE.positions - 0.25
    assert np.allclose(columns[:, :2], 0)
    up = (places[:, 0] == places[:, 1]) & np.array([role == "O" for role in FLUORITE.roles])
    assert len(set(np.round(columns[up, 2], 9))) == 1


def test_titanium_and_the_oxygens_between_move_against_each_other():
    found = mode_spaces(PEROVSKITE)
    assert "X1+,z:Ti" in found and "X3-,z:O_bond" in found
    assert "X3-,z:Ti" not in found and "X1+,z:O_bond" not in found
    pattern = found["X5+,z:O_normal"].patterns
    beside = [np.flatnonzero(np.abs(p).max(axis=1) > 1e-6) for p in pattern]
    assert [len(atoms) for atoms in beside] == [2, 2]


def test_patterns_are_a_complete_orthonormal_set(parent, spaces):
    basis = np.concatenate([space.patterns for space in spaces.values()]).reshape(
        -1, 3 * len(parent.symbols)
    )
    assert basis @ basis.T == pytest.approx(np.eye(3 * len(parent.symbols)), abs=1e-9)


def test_little_groups_act_by_orthogonal_matrices_that_multiply(spaces):
    for space in spaces.values():
        products = {}
        for rotation, matrix in zip(space.rotations, space.matrices, strict=True):
            assert matrix @ matrix.T == pytest.approx(np.eye(len(matrix)), abs=1e-9)
            products[tuple(np.rint(rotation).astype(int).ravel())] = matrix
        for a in list(products)[:6]:
            for b in list(products)[-6:]:
                both = np.reshape(a, (3, 3)) @ np.reshape(b, (3, 3))
                phase = products[tuple(both.ravel())] @ (products[a] @ products[b]).T
                # a product may differ by a translation: a sign at the zone boundary
                assert np.abs(phase) == pytest.approx(np.eye(len(phase)), abs=1e-9)


def test_the_selection_rule_is_that_of_a_random_tensor(parent, spaces, rng):
    action = symmetry_action(parent, parent_group(parent))
    n = len(parent.symbols)
    tensor = tensor_symmetry.imposed(
        rng.normal(size=(3, n, 3, n, 3)), action.rotations, action.permutations
    )
    allowed = set(allowed_pairs(spaces, 2))
    names = [name for name in spaces if spaces[name].irrep != "Γ4-"]
    for i, first in enumerate(names):
        for second in names[i:]:
            largest = max(
                abs(charges.mode_charge(tensor, a, b)[2])
                for a in spaces[first].patterns
                for b in spaces[second].patterns
            )
            assert (largest > 1e-9) == ((first, second) in allowed), (first, second)


def test_the_pairs_of_the_paper_carry_a_dipole():
    fluorite = allowed_pairs(mode_spaces(FLUORITE), 2)
    for pair in (
        {"X5+,y:O", "X3-,y:Hf"},
        {"X5+,x:O", "X2-,x:O"},
        {"X5+,z:O", "X5-,z:Hf"},
        {"X5+,z:O", "X5-,z:O"},
    ):
        assert pair in [set(found) for found in fluorite]
    perovskite = [set(found) for found in allowed_pairs(mode_spaces(PEROVSKITE), 2)]
    assert {"X1+,z:Ti", "X3-,z:O_bond"} in perovskite
    assert {"X5+,z:O_normal", "X5-,z:O_normal"} in perovskite


def test_half_a_supercell_turns_both_modes_and_leaves_the_dipole():
    found = mode_spaces(FLUORITE)
    pair = mode_pair(FLUORITE, found["X5+,x:O"], found["X2-,x:O"], 2)
    assert (-1, -1, 1) in pair.images and (1, -1, -1) in pair.images
    assert (1, -1, 1) not in pair.images


def test_a_forbidden_pair_says_so():
    found = mode_spaces(FLUORITE)
    with pytest.raises(ConfigError, match=r"X1\+,z:O and X3-,z:Hf .* along x, by symmetry; .* z"):
        mode_pair(FLUORITE, found["X1+,z:O"], found["X3-,z:Hf"], 0)
    with pytest.raises(ConfigError, match="along no axis"):
        mode_pair(FLUORITE, found["X5+,x:O"], found["X2-,y:O"], 2)
    with pytest.raises(ConfigError, match=r"'X9\+,z:O' is not one of this crystal: Γ4-:Hf"):
        mode_space(found, "X9+,z:O")


def test_single_atoms_and_the_polar_mode():
    assert np.flatnonzero(atom_pattern(FLUORITE, "atom:O2,y")).tolist() == [3 * 5 + 1]
    with pytest.raises(ConfigError, match=r"names no atom and axis; .* Hf1"):
        atom_pattern(FLUORITE, "atom:Zr1,x")
    pattern = polar_pattern(FLUORITE, 2)
    assert pattern.sum(axis=0) == pytest.approx(np.zeros(3), abs=1e-12)
    with pytest.raises(ConfigError, match="more than one polar mode"):
        polar_pattern(PEROVSKITE, 2)
