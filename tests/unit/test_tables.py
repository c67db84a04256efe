"""Tables: the printed numbers are met to their printed digits, and files hold the rows."""

import csv
from decimal import Decimal

import pytest
import yaml

from ferronhall.campaign.estimate import Estimate, estimate
from ferronhall.model.parameters import parameters_dataset
from ferronhall.results.tables import bond_polarization
from ferronhall.results.tables.material import COLUMNS, TABLES
from ferronhall.results.tables.table import Table, write_table
from tests.conftest import BATIO3
from tests.unit.synthetic_campaign import make_bonds, make_parameters


@pytest.mark.parametrize("name", TABLES)
def test_computed_values_agree_with_the_published_ones(config, name):
    """To half a unit of the last printed digit, or 10⁻⁶ of the value where the inputs limit it."""
    table = TABLES[name](parameters_dataset(config))
    published = yaml.load(BATIO3.read_text(), yaml.BaseLoader)["published"]
    numbers = [v for v in published.values() if isinstance(v, str)]
    digits = {float(v): Decimal(v).as_tuple().exponent for v in numbers}
    compared = 0
    for row in table.rows:
        computed, printed = row[2], row[4]
        if computed is None or printed is None:
            continue
        tolerance = max(0.5 * 10.0 ** digits[printed], 1e-6 * abs(printed))
        assert abs(computed - printed) <= tolerance * (1 + 1e-9), row
        compared += 1
    assert compared >= 3


def test_files_hold_the_rows(tmp_path):
    table = Table("T", ["a (Å)", "b"], [["x", 1.23456789], ["y", None]], ["note"])
    write_table(table, tmp_path / "t.csv", tmp_path / "t.md")
    with open(tmp_path / "t.csv", newline="") as stream:
        assert list(csv.reader(stream)) == [["a (Å)", "b"], ["x", "1.23456789"], ["y", ""]]
    text = (tmp_path / "t.md").read_text()
    assert "| y | – |" in text and text.rstrip().endswith("note")


def test_every_table_has_the_same_columns(config):
    parameters = parameters_dataset(config)
    for build in TABLES.values():
        table = build(parameters)
        assert table.columns == COLUMNS
        assert all(len(row) == len(COLUMNS) for row in table.rows)


def test_estimate_counts_trajectories_and_substeps(config):
    found = estimate(config)
    # two replicas at three fields, each with its twin
    assert (found.trajectories, found.substeps) == (12, 800 // 2 + 400)
    assert "12 trajectories of 800 substeps" in str(found)


def test_core_hours_of_a_known_campaign():
    """Six trajectories of a million substeps at 1.2 ms: 7200 s."""
    found = Estimate(6, 1_000_000, 1.2, memory_MB=300.0, disk_MB=10.0)
    assert found.core_hours == pytest.approx(2.0)
    assert "2 core-hours" in str(found)


def test_the_symmetry_of_a_direction_is_said_of_the_second_order():
    def rows_and_notes(direction):
        parameters = make_parameters(direction=direction)
        table = bond_polarization.table(parameters, make_bonds(parameters, 3.0))
        return [row[0] for row in table.rows], " ".join(table.notes)

    own = ["Δ_B P", "Δ_B P2", "Δ_B P2, zero by symmetry"]
    across = ["Δ_B P, zero by symmetry", *["Δ_B P2, zero by symmetry"] * 2]
    for direction, names in (((0, 0, 1), own), ((1, 1, 1), own), ((1, 1, 0), across)):
        rows, notes = rows_and_notes(direction)
        assert rows[:3] == names
        assert ("no parity in x" in notes) == (direction[1] != 0)
        assert ("Δ_B P2: the simulated map" in notes) == (direction[2] != 0)


def test_shares_of_the_second_order_take_the_charges_sign():
    """2 × 10⁻⁷ and 10⁻⁵ Å² at ±0.75 C/m² an Å², beside −6 and −500 µC/m²."""
    parameters = make_parameters()
    for sign in (1, -1):
        table = bond_polarization.table(parameters, make_bonds(parameters, sign * 3.0))
        rows = {row[0]: row for row in table.rows}
        share = table.columns.index("share of linear, simulation (%)")
        assert rows["Δ_B P2"][share] == pytest.approx(-sign * 100 * 0.15 / 6)
        assert rows["P2"][share] == pytest.approx(-sign * 100 * 7.5 / 500)
        assert rows["Δ_B P2"][table.columns.index("standard error")] == pytest.approx(0.075)
        assert rows["Δ_B P2, zero by symmetry"][share] is None
    bare = bond_polarization.table(parameters, make_bonds(parameters))
    assert {row[2] for row in bare.rows} == {"uC/m^2", "angstrom^2"}
    assert all(row[share] is None for row in bare.rows)
