"""A crystal is the same in whatever order its lattice vectors stand."""

import numpy as np
import pytest
from phonopy.structure.atoms import PhonopyAtoms

from ferronhall.crystals.phonons.balance import balanced
from ferronhall.crystals.phonons.quantum_espresso import read_q2r
from tests.unit.phonons.espresso import DATA

ORDER = [2, 1, 0]
"""The vectors along x and z exchanged: a left-handed set."""


@pytest.fixture(scope="module")
def both():
    """LatticeDynamics of tetragonal BaTiO3, and of the same with two vectors exchanged."""
    found = read_q2r(DATA / "tetragonal" / "bto222.fc")
    exchanged = PhonopyAtoms(
        cell=found.cell.cell[ORDER],
        scaled_positions=found.cell.scaled_positions[:, ORDER],
        symbols=found.cell.symbols,
        masses=found.cell.masses,
    )
    constants = found.constants.transpose(0, 1, *(2 + axis for axis in ORDER), 5, 6)
    mesh = tuple(found.mesh[axis] for axis in ORDER)
    names = ("bto222.fc", "bto222.fc")
    assert np.linalg.det(exchanged.cell) < 0
    return (
        balanced(found.cell, found.mesh, found.constants, *found.charges, names),
        balanced(exchanged, mesh, constants, *found.charges, names),
    )


@pytest.mark.parametrize("q", [[0.1, 0.23, 0.37], [0.5, 0.0, 0.25]])
@pytest.mark.parametrize("with_dipoles", [False, True])
def test_a_left_handed_set_has_the_same_frequencies(both, q, with_dipoles):
    right, left = both
    expected = right.frequencies(q, with_dipoles)
    np.testing.assert_allclose(
        left.frequencies(np.array(q)[ORDER], with_dipoles), expected, atol=2e-4
    )


@pytest.mark.parametrize("along", [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
def test_lo_to_splitting_is_kept(both, along):
    right, left = both
    expected = right.frequencies(np.zeros(3), True, along)
    turned = left.frequencies(np.zeros(3), True, np.array(along)[ORDER])
    np.testing.assert_allclose(turned, expected, atol=2e-4)
    # a splitting there is to keep
    assert np.abs(expected - right.frequencies(np.zeros(3))).max() > 1.0


def test_it_is_said(both):
    right, left = both
    told = ["left-handed" in str(note) for note in left.notes]
    assert any(told)
    assert not any("left-handed" in str(note) for note in right.notes)
