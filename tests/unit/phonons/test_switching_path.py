"""A switching path's columns go to the atoms they name, and its polarization is on one branch."""

import csv
from dataclasses import replace

import numpy as np
import pytest
from phonopy.structure.atoms import PhonopyAtoms

from ferronhall.base.errors import ConfigError
from ferronhall.base.units import COULOMB_PER_M2
from ferronhall.crystals.phonons.double_well import read_switching_path
from ferronhall.crystals.phonons.polarization import on_one_branch
from ferronhall.crystals.phonons.reading import read_lattice_dynamics
from tests.unit.phonons.espresso import DATA
from tests.unit.phonons.phonopy_folder import shipped

SHIPPED = {"Ba": 0.00295, "Ti": 0.06752, "O1": -0.07276, "O2": -0.07276, "O3": -0.12826}
"""Displacements of the shipped path (Å); O3 lies on the polar chain."""


@pytest.fixture(scope="module")
def cubic():
    return read_lattice_dynamics(DATA / "cubic" / "bto333.fc")


def write(path, columns, polarization=None, quantum=None, mark=""):
    """A path whose displacements at λ = 1 are those of `columns`."""
    progress = [0, 0.25, 0.5, 0.75, 1, 1.25]
    names = ["lambda", "energy_eV", *([] if polarization is None else ["polarization_C_per_m2"])]
    names += [] if quantum is None else ["polarization_quantum_C_per_m2"]
    rows = []
    for n, x in enumerate(progress):
        row = [x, 0.02 * (x**4 - 2 * x**2)]
        row += [] if polarization is None else [polarization[n]]
        row += [] if quantum is None else [quantum]
        rows.append([*row, *(x * value for value in columns.values())])
    with open(path, "w", newline="", encoding="utf-8") as stream:
        stream.write(mark)
        writer = csv.writer(stream)
        writer.writerow([*names, *(f"dz_{label}_A" for label in columns)])
        writer.writerows(rows)
    return path


def reordered(cell, order):
    return PhonopyAtoms(
        [cell.symbols[k] for k in order],
        cell=cell.cell,
        scaled_positions=cell.scaled_positions[order],
        masses=cell.masses[order],
    )


ORDERS = {
    "the columns' own": [0, 1, 2, 3, 4],
    "the other way round": [4, 3, 2, 1, 0],
    "cations in the middle": [2, 0, 4, 1, 3],
    "cations exchanged": [1, 0, 2, 3, 4],
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_every_atom_gets_the_displacement_it_has(cubic, order, tmp_path):
    """Names and the polar axis say which column is whose, in any order of the cell's atoms."""
    right = np.array(list(SHIPPED.values()))[order]
    path = write(tmp_path / "path.csv", SHIPPED)
    cell = reordered(cubic.cell, order)
    found = read_switching_path(path, cell)
    np.testing.assert_allclose(found.displacement, right)
    # O3 of the columns is on the polar chain; where the cell numbers it otherwise, that is said
    assert bool(found.notes) == (order.index(4) != max(order.index(k) for k in (2, 3, 4)))


def test_columns_may_stand_in_any_order_and_after_a_mark(cubic, tmp_path):
    columns = {label: SHIPPED[label] for label in ("O2", "Ti", "O3", "Ba", "O1")}
    found = read_switching_path(write(tmp_path / "p.csv", columns, mark="\ufeff"), cubic.cell)
    np.testing.assert_allclose(found.displacement, list(SHIPPED.values()))


def renamed(**names):
    return {names.get(label, label): value for label, value in SHIPPED.items()}


REFUSED = {
    "another element": (renamed(Ti="Zr"), "name each column after its atom"),
    "numbers alone": (dict(enumerate(SHIPPED.values(), 1)), "begins with no chemical symbol"),
    "one oxygen more": (renamed(Ba="O4"), "name each column after its atom"),
    "three oxygens apart": ({**SHIPPED, "O1": -0.02}, "stay alike .* differ by up to"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_columns_that_do_not_say_whose_they_are_are_refused(cubic, case, tmp_path):
    columns, words = REFUSED[case]
    with pytest.raises(ConfigError, match=words):
        read_switching_path(write(tmp_path / "path.csv", columns), cubic.cell)


TRUE = np.array([0, 0.093, 0.183, 0.269, 0.350, 0.42])
"""Polarization along the path (C/m²)."""


def read(cubic, path, tetragonal=None):
    return on_one_branch(read_switching_path(path, cubic.cell), cubic, tetragonal)


@pytest.mark.parametrize("origin", [0.0, 0.51, -0.3])
def test_the_polarization_is_relative_to_the_centrosymmetric_structure(cubic, origin, tmp_path):
    """Half a quantum at λ = 0 is that of a I–V perovskite; no quantum is needed to take it off."""
    found = read(cubic, write(tmp_path / "path.csv", SHIPPED, origin + TRUE))
    np.testing.assert_allclose(found.polarization, TRUE, atol=1e-12)
    assert bool(found.notes) == (origin != 0)


@pytest.mark.parametrize("given", ["a column", "the tetragonal phase"])
@pytest.mark.parametrize("sign", [1, -1])
def test_values_on_other_branches_are_brought_back(cubic, given, sign, rng, tmp_path):
    a = shipped().cell.cell[0, 0]
    quantum = COULOMB_PER_M2 / a**2
    values = 0.5 * quantum + sign * TRUE + quantum * rng.integers(-3, 4, 6)
    column = quantum if given == "a column" else None
    path = write(tmp_path / "path.csv", SHIPPED, values, column)
    found = read(cubic, path, None if column else shipped())
    np.testing.assert_allclose(found.polarization, sign * TRUE, atol=1e-10)
    assert "on one branch" in found.notes[0].text


def test_another_branch_without_its_quantum_is_refused(cubic, tmp_path):
    path = write(tmp_path / "path.csv", SHIPPED, TRUE + np.array([0, 0, 0, 1.0, 1.0, 1.0]))
    with pytest.raises(ConfigError, match="polarization_quantum_C_per_m2"):
        read(cubic, path)


def test_a_branch_in_doubt_and_a_missing_origin_are_said_aloud(cubic, tmp_path):
    steep = write(tmp_path / "path.csv", SHIPPED, 1.9 * TRUE, 1.017)
    (doubt,) = read(cubic, steep).notes
    assert doubt.loud and "branch is in doubt" in doubt.text
    path = read_switching_path(steep, cubic.cell)
    bare = replace(path, polarization=np.where(path.progress == 0, np.nan, path.polarization))
    (missing,) = on_one_branch(bare, cubic).notes
    assert missing.loud and "no polarization at λ = 0" in missing.text
