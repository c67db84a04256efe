"""Fig. S1 and the tables of first-principles data: what stands in them is what phonons.nc holds."""

import numpy as np
import pytest

from ferronhall.crystals.phonons.collection import phonons_dataset
from ferronhall.model.material import campaign_content
from ferronhall.results import figures
from ferronhall.results.tables import material, phonons
from tests.conftest import CONFIG


@pytest.fixture(scope="module")
def data():
    return phonons_dataset(CONFIG)


@pytest.fixture(scope="module")
def content():
    return campaign_content(CONFIG)


def rows(table):
    return {row[0]: row for row in table.rows}


def test_tables_of_the_material_gain_a_column(content, data):
    charges = rows(material.TABLES["tableS4"](content, data))
    model, computed, printed, deviation = charges["Z*_zz(Ti), cubic"][2:6]
    assert (model, printed) == (7.46679, 7.46679)
    assert computed == pytest.approx(float(data["cubic_born_charge"][1, 2, 2]))
    assert deviation == pytest.approx(100 * (computed - printed) / printed)
    assert charges["Z*_zz(O3), tetragonal"][4] == -4.65037
    well = rows(material.TABLES["tableS9"](content, data))
    assert well["projection residual"][3] == pytest.approx(float(data["projection_residual"]))
    assert well["C6, unconstrained sextic fit"][6] == "unbounded"
    mismatch = 100 * (well["model polarization"][3] / float(data["berry_polarization"]) - 1)
    assert well["polarization mismatch"][3] == pytest.approx(mismatch)


def test_tables_without_data_say_so(content):
    for build in material.TABLES.values():
        table = build(content)
        assert all(row[3] is None for row in table.rows)
        assert "names no first-principles data" in table.notes[-1]


def test_frequencies_stand_beside_the_published_ones(content, data):
    cubic = phonons.TABLES["tableS5"](content, phonons=data)
    assert len(cubic.rows) == 30
    assert cubic.rows[0][2:4] == [pytest.approx(float(data["cubic_gamma"][0])), -5.933489]
    tetragonal = phonons.TABLES["tableS8"](content, phonons=data)
    assert len(tetragonal.rows) == 45
    bare = data.drop_vars([name for name in data if name.startswith("tetragonal_")])
    empty = phonons.TABLES["tableS8"](content, phonons=bare)
    assert not empty.rows and "No first-principles data" in empty.notes[0]


def test_infrared_modes_are_told_from_the_silent_one(content, data):
    """The paper's Table S6 follows from its Table S5, to the digits it prints."""
    found = rows(phonons.TABLES["tableS6"](content, phonons=data))
    printed = {"TO1": -197.9, "TO2": 177.8, "TO3": 464.2, "LO1": 170.8, "LO2": 449.2, "LO3": 654.4}
    for name, value in printed.items():
        assert found[name][3] == pytest.approx(value, abs=0.051)
    silent = 33.35641 * float(data["cubic_gamma"][10])
    assert all(abs(row[2] - silent) > 10 for row in found.values())


def test_settings_stand_side_by_side(content, data):
    table = rows(phonons.TABLES["tableS1"](content, phonons=data))
    assert table["Exchange-correlation functional"][1:] == ["PBEsol", "PBEsol"]


@pytest.mark.parametrize("tetragonal", [False, True])
def test_the_figure_draws_the_phases_there_are(data, tetragonal):
    if not tetragonal:
        data = data.drop_vars([name for name in data if name.startswith("tetragonal_")])
    drawn = figures.draw("figS1", phonons=data)
    assert len(drawn.figure.axes) == (6 if tetragonal else 4)
    titles = [title for title, _ in drawn.data]
    assert any(title.startswith("tetragonal") for title in titles) == tetragonal
    for _, columns in drawn.data:
        lengths = {np.size(values) for values in columns.values()}
        assert len(lengths) == 1


def test_every_line_of_the_model_is_named_and_none_hides_another(data):
    """The first preset is drawn wider than those that lie on it; the grey lines are the crystal."""
    axes = figures.draw("figS1", phonons=data).figure.axes[4]
    lines = {line.get_label(): line for line in axes.lines}
    named = [t.get_text() for t in axes.get_legend().get_texts()]
    presets = [str(p) for p in data["preset"].values[:3]]
    assert {"the crystal, as in (b)", "projected force constants", *presets} <= set(named)
    first, *others = (lines[preset] for preset in presets)
    assert all(first.get_linewidth() > 2 * other.get_linewidth() for other in others)
    assert others[-1].get_linestyle() != others[0].get_linestyle()
