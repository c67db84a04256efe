"""Tables: the printed numbers are met to their printed digits, and files hold the rows."""

import csv
import json
from decimal import Decimal

import pytest
import yaml

from ferronhall.model.material import campaign_content
from ferronhall.results.tables import bond_polarization, comparison, rounding, summary
from ferronhall.results.tables.material import COLUMNS, TABLES
from ferronhall.results.tables.table import Table, deviation, markdown, write_table
from tests.conftest import BATIO3
from tests.unit.synthetic_campaign import (
    make_bonds,
    make_ensemble,
    make_parameters,
    make_theory,
)


@pytest.mark.parametrize("name", TABLES)
def test_computed_values_agree_with_the_published_ones(config, name):
    """To half a unit of the last printed digit, or 10⁻⁶ of the value where the inputs limit it."""
    table = TABLES[name](campaign_content(config))
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
    assert table.of_other_code("") is table
    assert markdown(table.of_other_code("a.nc: code: engine.run")) == (
        f"{text}\nOf other code, accepted as it is: a.nc: code: engine.run.\n"
    )


@pytest.mark.parametrize(
    ("value", "stderr", "text"),
    [
        (-0.0548033, 0.0002096, ("-0.05480", "0.00021")),
        (-11.75394, 0.2810604, ("-11.75", "0.28")),
        (-0.001020392, 7.405861e-06, ("-0.0010204", "7.4e-06")),
        (9.507227e-05, 0.0001985842, ("0.00010", "0.00020")),
        (-3.045543e-07, 1.986522e-07, ("-3.0e-07", "2.0e-07")),
        (2.0e-09, 1.986522e-07, ("2e-09", "2.0e-07")),
        (0.3580787491, 1.4909e-07, ("0.358079", "1.5e-07")),
        (-1.478435, 1.5e-05, ("-1.47844", "1.5e-05")),
        (237.6254, 35.41534, ("238", "35")),
        (15234.0, 996.0, ("15200", "1000")),
        (5.653125, 1.055519, ("5.7", "1.1")),
        (0.0, 0.25, ("0.00", "0.25")),
        (1.0, 0.0, ("1", "0")),
        (63.29394, float("nan"), ("63.29", "–")),
    ],
)
def test_values_are_rounded_to_what_their_errors_support(value, stderr, text):
    table = Table("T", ["a", "e"], [[value, stderr], [1.0, 0.1]], errors={"a": "e"})
    row = markdown(table).splitlines()[4]
    assert row == f"| {text[0]} | {text[1]} |"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (63.29394, "63.29"),
        (-29.99958, "-30"),
        (3.985236, "3.985"),
        (0.5, "0.5"),
        (4.46696e-05, "4.467e-05"),
        (2.0e-05, "2e-05"),
        (-23574.97, "-23570"),
        (0.0, "0"),
        (2.4e9, "2.4e+09"),
    ],
)
def test_without_an_error_four_digits_stand(value, text):
    assert rounding.plain(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(19.2, "+19"), (-4.847928, "-4.8"), (0.0366, "+0.04"), (-2.1e-5, "0"), (-11159.8, "-11000")],
)
def test_deviations_are_signed_and_no_finer_than_a_hundredth_of_a_per_cent(value, text):
    assert rounding.deviation(value) == text


def test_a_zero_that_rounding_makes_has_no_sign():
    assert rounding.fixed(3)(-9.3e-8) == "0.000"
    assert rounding.supported(-0.001, 1.0) == "0.0"


def test_deviations_are_ours_less_the_published_relative_to_the_published():
    """The larger of two negative numbers deviates upwards, as docs/second-order.md has it."""
    assert deviation(-1.4784, -1.24) == pytest.approx(19.2258, abs=1e-4)
    assert deviation(2.7024, 2.72) == pytest.approx(-0.6471, abs=1e-4)
    assert deviation(6.641902, 6.869406) == pytest.approx(-3.3119, abs=1e-4)
    assert deviation(1.0, None) is deviation(None, 1.0) is deviation(1.0, 0.0) is None


def test_a_material_that_nobody_published_has_no_column_of_dashes(config):
    content = campaign_content(config)
    own = {key: value for key, value in content.items() if key != "published"}
    for build in TABLES.values():
        text = markdown(build(own))
        assert "published" not in text and "deviation" not in text
        assert "published" in markdown(build(content))


def _edges(parameters, published, **said):
    ensemble = make_ensemble(parameters)
    theory = make_theory(parameters).assign_attrs(said)
    for name in ("angular_momentum_zero", "delta_kinetic_energy", "delta_polarization"):
        theory[f"edge_{name}"] = ensemble[f"edge_{name}"]
    material = json.dumps({"published": published})
    attrs = {"campaign": "demo", "sample_count": 8}
    attrs["time_step_bias"] = "harmonic part taken off"
    described = parameters.assign_attrs(material=material)
    return comparison.table(described, theory, None, ensemble.assign_attrs(attrs))


def test_published_sizes_carry_no_sign():
    parameters = make_parameters()
    table = _edges(parameters, {"edge_delta_polarization": 16.0})
    heading = table.columns[2]
    assert "size" in heading and "carry no sign" in table.notes[0]
    text = markdown(table)
    assert heading in text
    bare = markdown(_edges(parameters, {}))
    assert "ublished" not in bare


def test_a_state_that_is_left_is_said_below_the_comparison():
    parameters = make_parameters()
    notes = _edges(parameters, {}, turns="P turns", turns_quantum="P turns too").notes
    assert "Warning: theory: P turns." in notes
    assert "Warning: theory, quantum: P turns too." in notes
    assert not any("Warning" in note for note in _edges(parameters, {}).notes)


def test_significances_are_of_what_could_be_zero():
    ensemble = make_ensemble(make_parameters()).assign_attrs(campaign="demo", sample_count=8)
    for name in ("kinetic_energy", "polarization", "angular_momentum"):
        for key in (f"{name}_zero", f"delta_{name}"):
            ensemble = ensemble.assign(
                {
                    f"edge_{key}": 1.0,
                    f"edge_{key}_stderr": 0.1,
                    f"edge_{key}_block_correlation": 0.0,
                    f"edge_{key}_drift": 1.0,
                }
            )
    table = summary.table(ensemble)
    for row in table.rows:
        certain = row[0] in ("KE, zero field", "P, zero field") and row[1].startswith("extreme")
        assert (row[5] is None) == certain


def test_every_table_has_the_same_columns(config):
    for build in TABLES.values():
        table = build(campaign_content(config))
        assert table.columns == COLUMNS
        assert all(len(row) == len(COLUMNS) for row in table.rows)


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
