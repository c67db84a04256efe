"""docs/extending.md, followed to the letter for an observable and a figure."""

import csv
import os
import subprocess
import sys

import numpy as np
import pytest

import ferronhall as fh
from ferronhall.base import paths, storage, units
from ferronhall.base.errors import DeclarationError
from ferronhall.engine.kernels.integrator import SUMS, sample
from ferronhall.model import observables
from ferronhall.model.members import FIELD_SIGNS
from ferronhall.model.observables import OBSERVABLES, Observable
from ferronhall.model.parameters import parameters_dataset
from tests.conftest import ROOT

NAME = "kinetic_temperature"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with the results of a campaign that has the page's observable and figure."""
    folder = tmp_path_factory.mktemp("extended")
    script = ROOT / "tests" / "public" / "follow_page.py"
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    subprocess.run(
        [sys.executable, script, ROOT / "docs" / "extending.md", folder],
        env=environment,
        check=True,
    )
    return folder


def read(made, stage):
    return storage.read(made / getattr(paths.Campaign("demo"), stage))


def test_the_averages_are_those_of_the_trajectories(made):
    """The twin knows nothing of it, so nothing is taken off the plain mean."""
    ensemble, found = read(made, "ensemble"), []
    for field in FIELD_SIGNS:
        files = paths.Campaign("demo").trajectories(2)[field]
        found.append(np.mean([storage.read(made / f)[NAME].mean("block") for f in files], axis=0))
    np.testing.assert_allclose(ensemble[NAME], found, rtol=1e-12)
    assert (ensemble[f"{NAME}_stderr"] > 0).all()
    # of three components, k_B T/2 each
    energy = storage.read(made / files[0]).kinetic_energy / units.MEV
    temperature = storage.read(made / files[0])[NAME]
    np.testing.assert_allclose(1.5 * units.BOLTZMANN_EV_PER_K * temperature, energy, rtol=1e-12)


def test_everything_follows_from_the_declaration(made):
    ensemble, theory = read(made, "ensemble"), read(made, "theory")
    for dataset in (ensemble, theory):
        assert {f"delta_{NAME}", f"edge_delta_{NAME}"} <= set(dataset.data_vars)
        assert dataset[NAME].units == "K"
    assert f"{NAME}_folded" in ensemble and f"{NAME}_harmonic" in theory
    assert f"{NAME}_bias" in read(made, "timestep")
    keys = set(read(made, "comparison")["map"].values)
    assert {f"{NAME}_zero", f"delta_{NAME}"} <= keys
    ratio = theory.kinetic_energy / theory[NAME]
    np.testing.assert_allclose(ratio, 1.5 * units.BOLTZMANN_EV_PER_K * units.MEV, rtol=1e-12)


def test_the_time_step_bias_is_told_where_the_twin_does_not_take_it_off(made):
    ensemble = read(made, "ensemble")
    assert ensemble.attrs["time_step_bias_left"] == NAME
    timestep, rows = read(made, "timestep"), table(made, "comparison")
    row = next(row for row in rows if row["map"] == "Δ_B T_kin")
    parameters = read(made, "parameters")
    mean = np.sign(parameters.x) * parameters.flank * np.sign(parameters.y) * parameters.edge
    mean = mean / (parameters.flank.sum() * parameters.edge.sum())
    bias = float((timestep[f"delta_{NAME}_bias"][0] * mean).sum())
    expected = float(ensemble[f"edge_delta_{NAME}"]) - bias
    assert float(row["simulation"]) == pytest.approx(expected, rel=1e-9)


def table(made, name):
    path = made / paths.Campaign("demo").table(name)["csv"]
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("name", ["summary", "timestep", "projection", "twin"])
def test_the_tables_have_its_rows(made, name):
    assert any("T_kin" in "".join(row.values()) for row in table(made, name))


def test_the_figure_is_drawn(made):
    files = paths.Campaign("demo").figure(NAME)
    assert (made / files["png"]).stat().st_size > 5000
    with (made / files["csv"]).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    found = read(made, "ensemble")[NAME].sel(field=0).mean("y")
    np.testing.assert_allclose([float(row["lattice (K)"]) for row in rows], found, rtol=1e-12)
    # what was there before is there still
    assert (made / paths.Campaign("demo").figure("figS2")["png"]).exists()


def declared(monkeypatch, **changes):
    fields = {"unit": "K", "label": "a", "symbol": "a", "mirror_parity": 1}
    fields |= {"value": lambda moments, material: moments["speed_squared"]}
    monkeypatch.setitem(OBSERVABLES, "new", Observable(**(fields | changes)))


def test_what_is_declared_whole_passes(monkeypatch, batio3):
    declared(monkeypatch)
    observables.require_declared(batio3)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"value": lambda m, _: m["cube"]}, "'cube', which is not among PREDICTED_MOMENTS"),
        ({"value": lambda m, _: 1.0}, "of shape"),
        ({"mirror_parity": 0}, "mirror_parity is 0"),
        ({"delta_prefix": "k"}, "delta_prefix 'k'"),
    ],
)
def test_what_is_missing_is_named(monkeypatch, batio3, changes, words):
    declared(monkeypatch, **changes)
    with pytest.raises(DeclarationError, match="observable new") as refused:
        observables.require_declared(batio3)
    assert words in str(refused.value)


def test_the_preflight_names_everything_at_once(monkeypatch, config):
    declared(monkeypatch, value=lambda m, _: m["cube"], mirror_parity=2)
    monkeypatch.setattr(observables, "SAMPLED_MOMENTS", ("displacement", "rotation"))
    with pytest.raises(DeclarationError) as refused:
        parameters_dataset(config)
    for words in ("speed_squared: the theory predicts", "'cube'", "mirror_parity is 2"):
        assert words in str(refused.value)


def test_the_theory_predicts_what_it_is_said_to(monkeypatch, config):
    """By the moments of which it has the observables made."""
    taken, make = [], observables.block_means

    def recorded(moments, material):
        taken.append(set(moments))
        return make(moments, material)

    monkeypatch.setattr(observables, "block_means", recorded)
    fh.steady_state(fh.Model.from_config(config), closure="averaged")
    assert taken and all(names == set(observables.PREDICTED_MOMENTS) for names in taken)


def test_the_kernel_adds_up_every_moment():
    """Each row of the sums is written, and no row beyond them."""
    assert len(observables.SAMPLED_MOMENTS) == SUMS
    w, v, force = (np.full((3, 4), x) for x in (0.01, 0.3, 0.2))
    v[1], w[0] = 0.5, 0.03
    sums = np.zeros((SUMS + 1, 2, 2))
    sample(w, v, force, np.zeros(6), 0.01, sums)
    assert (sums[:SUMS] != 0).all() and (sums[SUMS] == 0).all()
