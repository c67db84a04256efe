"""The tables and the figure of second-order charges, from made-up and from committed data."""

from pathlib import Path

import numpy as np
import pytest

from ferronhall.crystals.second_order import data_files
from ferronhall.crystals.second_order.collection import second_order_dataset
from ferronhall.model.material import read_material
from ferronhall.results.figures import draw, save
from ferronhall.results.tables import second_order_charges, second_order_convergence
from tests.physics.test_second_order_charges import configuration, row, synthetic_data

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def made_up(tmp_path_factory):
    """A data set with another cutoff and the polar mode besides."""
    folder = tmp_path_factory.mktemp("made-up")
    synthetic_data(folder, np.random.default_rng(3))
    table = folder / "polarizations.csv"
    lines = table.read_text().splitlines()
    pair = ("X5+,x:O", "X2-,x:O")
    base = next(line for line in lines if line.startswith('HfO2,"X5+,x:O","X2-,x:O",base,0.05'))
    lines.append(base.replace(",base,", ",cutoff,").replace(",66,", ",80,"))
    for amplitude in (0.1, 0.2):
        made = row("HfO2", ("polar", ""), (amplitude, 0.0), 7.0 * amplitude, "polar")
        lines.append(",".join(f'"{value}"' for value in made.values()))
    table.write_text("\n".join(lines) + "\n")
    return second_order_dataset(configuration(folder)), pair


def test_the_convergence_stands_beside_the_crystals_own_settings(made_up):
    table = second_order_convergence.table(made_up[0])
    assert {f"{line[1]}" for line in table.rows} == {" ".join(made_up[1])}
    other = [line for line in table.rows if line[3] == "cutoff"]
    assert [line[4] for line in other] == [80.0]
    assert other[0][-1] == pytest.approx(0.0, abs=1e-6)
    assert [line[-1] for line in table.rows if line[3] == "base"] == [0.0, 0.0, 0.0]


def test_the_polar_mode_is_followed_over_a_quantum(made_up):
    polar = made_up[0].isel(run=np.flatnonzero(made_up[0]["run_first"].values == "polar"))
    assert polar["run_dipole"].values == pytest.approx([0.7, 1.4])
    assert polar["run_ionic"].isnull().all()


def test_the_figure_says_what_was_not_computed(made_up, tmp_path):
    drawn = draw("second_order_polarization", second_order=made_up[0])
    panels = dict(drawn.data)
    assert panels["Born charge against displacement"] == {}
    assert panels["HfO2, hybrid mode"]["Q (Å)"].tolist() == [0.0, 0.02, 0.05, 0.1]
    save(drawn, *(tmp_path / f"figure.{ext}" for ext in ("png", "pdf", "csv")))
    assert "polar mode" in (tmp_path / "figure.csv").read_text()


def test_committed_charges_stand_beside_all_published_ones():
    folder = ROOT / "data" / "second-order"
    dataset = second_order_dataset(configuration(folder))
    table = second_order_charges.table(dataset)
    published = sum(
        len(group["published"]) for group in data_files.read_content(folder)["crystals"].values()
    )
    assert sum(line[7] is not None for line in table.rows) == published == 18
    computed = [line for line in table.rows if line[2] is not None and line[7] is not None]
    assert computed
    for crystal, modes, charge, _, points, _, _, printed, off, _ in computed:
        assert points >= 2
        # one sign a column is free; that all of a column then agree with the paper is not
        assert charge * printed > 0, (crystal, modes)
        assert off == charge - printed
    # the campaign's material has the chain's charge, rounded
    charge = read_material(ROOT / "config" / "materials" / "batio3.yaml")["bond_charge"]
    assert charge["value_e_per_A"] == pytest.approx(float(dataset["bond_charge"]), abs=0.006)
    missing = [line for line in table.rows if line[2] is None]
    assert all(line[3] is None and line[-1] is None for line in missing)
