"""Campaigns as `fh.open` gives them: lazily read, checked against each other, shown."""

import csv
import json
import shutil

import numpy as np
import pytest
import xarray as xr

import ferronhall as fh
from ferronhall.base import paths, storage
from ferronhall.engine.propagator import Propagator
from ferronhall.model.members import members_of
from ferronhall.public.command import main
from ferronhall.public.stages import STAGES
from ferronhall.results.figures import draw
from ferronhall.results.tables.summary import table
from ferronhall.results.tables.table import write_table

OF_THE_MATERIAL = ("phonons", "second_order", "fluorite_density", "perovskite_density")
BY_NAME = (
    *("self_consistent", "domain_walls", "wall_velocity", "disorder"),
    *("laboratory", "lock_in", "hysteresis"),
)


@pytest.fixture
def copied(here, tmp_path):
    """A copy of the small campaign that a test may spoil."""
    return shutil.copytree(here / "results" / "demo", tmp_path / "demo")


def test_every_stage_has_a_property_and_a_path(here):
    campaign = fh.open("results/demo")
    assert campaign.stages == [s for s in STAGES if s not in OF_THE_MATERIAL + BY_NAME]
    for stage in campaign.stages:
        assert isinstance(getattr(campaign, stage), xr.Dataset)
    for stage in set(STAGES) - set(campaign.stages):
        with pytest.raises(fh.FerronHallError, match=rf"{stage}\.nc: no such file"):
            getattr(campaign, stage)


def test_nothing_is_read_before_it_is_asked_for(copied):
    (copied / "balances.nc").write_bytes(b"no NetCDF at all")
    campaign = fh.open(copied)
    assert campaign.theory is campaign.theory
    with pytest.raises(fh.FerronHallError, match=r"balances\.nc"):
        _ = campaign.balances


@pytest.mark.parametrize(
    ("key", "value"), [("temperature.T_hot_K", 51.0), ("campaign", "other"), ("time.t_max_ps", 9.0)]
)
def test_a_file_of_another_configuration_is_refused(copied, key, value):
    path = copied / "ensemble.nc"
    changed = storage.read(path)
    config = json.loads(changed.attrs["config"])
    *groups, last = key.split(".")
    place = config
    for group in groups:
        place = place[group]
    place[last] = value
    storage.write(changed.assign_attrs(config=json.dumps(config)), path)
    campaign = fh.open(copied)
    _ = campaign.balances
    with pytest.raises(fh.FerronHallError) as refused:
        _ = campaign.ensemble
    assert f"{key}: {value}" in str(refused.value)
    assert "balances.nc" in str(refused.value)
    # it is shown nevertheless, with what is wrong
    assert f"{key}: {value}" in repr(campaign) and f"{key}: {value}" in campaign._repr_html_()
    # what was refused leaves no trace in what is compared later
    assert campaign.theory.sizes["x"] == 7


def test_the_material_may_lie_at_another_path(copied):
    path = copied / "ensemble.nc"
    changed = storage.read(path)
    config = json.loads(changed.attrs["config"]) | {"material": "/elsewhere/batio3.yaml"}
    storage.write(changed.assign_attrs(config=json.dumps(config)), path)
    campaign = fh.open(copied)
    assert campaign.theory.sizes["field"] == 3
    assert campaign.ensemble.sizes["field"] == 3


def test_a_file_of_another_lattice_is_refused(copied):
    path = copied / "theory.nc"
    storage.write(storage.read(path).isel(x=slice(1, None)), path)
    campaign = fh.open(copied)
    _ = campaign.ensemble
    with pytest.raises(fh.FerronHallError, match=r"6 cells along x, ensemble\.nc 7"):
        _ = campaign.theory


def test_the_folder_is_any_folder(copied, monkeypatch):
    monkeypatch.chdir(copied)
    assert fh.open(".").ensemble.attrs["campaign"] == "demo"
    shutil.rmtree(copied / "trajectories")
    moved = copied.rename(copied.with_name("renamed"))
    assert fh.open(moved).name == "demo"


def test_the_summary_holds_the_numbers_of_the_table(here, tmp_path):
    campaign = fh.open("results/demo")
    write_table(table(campaign.ensemble), tmp_path / "a.csv", tmp_path / "a.md")
    rows = list(csv.DictReader((tmp_path / "a.csv").open(encoding="utf-8")))
    summary = campaign.summary()
    assert list(summary["value"]) == [float(row["value"]) for row in rows]
    assert summary["value"].dtype == float
    assert summary.attrs["title"] == "Summary of campaign demo"


def test_a_figure_draws_what_the_campaign_draws(here):
    campaign = fh.open("results/demo")
    own = draw("theory_maps", parameters=campaign.parameters, theory=campaign.theory).figure
    assert np.array_equal(_pixels(campaign.figure("theory_maps")), _pixels(own))


def _pixels(figure):
    figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba())


@pytest.mark.parametrize(
    "ask",
    [
        lambda c: c.figure("fig9"),
        lambda c: c.table("tableX"),
        lambda c: c.trajectory("up"),
        lambda c: c.state(field="up"),
    ],
)
def test_an_unknown_name_lists_those_there_are(here, ask):
    with pytest.raises(fh.FerronHallError, match="choose one of"):
        ask(fh.open("results/demo"))


def test_the_state_is_the_one_that_the_replica_ended_in(here):
    """Against the same substeps taken once more, without file, schedule or samples."""
    campaign = fh.open("results/demo")
    model, settings = campaign.model, campaign.config["ensemble"]
    members = members_of(model, settings["harmonic_twin"])
    propagator = Propagator(model, members, settings["root_seed"], 1, np.dtype("float64"))
    state = campaign.state(1, "plus")
    assert state.attrs["step"] == 800
    propagator.run(800, 0, propagator.new_sums())
    u = propagator.displacement[2]
    u[0] += model.material.onsite.amplitude
    np.testing.assert_array_equal(state.u, u)
    np.testing.assert_array_equal(state.v, propagator.velocity[2])


def test_a_campaign_shows_what_it_is(here):
    campaign = fh.open("results/demo")
    shown, page = repr(campaign), campaign._repr_html_()
    value = float(campaign.ensemble.edge_delta_polarization)
    for text in (shown, page):
        assert "7 × 5 × 2 cells of BaTiO3" in text
        assert "2 replicas" in text
        assert f"{value:.0f}"[:2] in text
    assert page.count("<tr>") == len(STAGES) + 4
    assert "second_order" in page and "Δ_B P" in page


def test_the_configuration_is_that_of_all_stages(here):
    config = fh.open("results/demo").config
    assert config["time"]["t_max_ps"] == 2.0
    assert config["ensemble"]["replicas"] == 2
    assert config["theory"]["closure"] == "auto"


def test_the_command_prints_what_a_campaign_found_and_the_table_of_its_summary(here, capsys):
    assert main(["open", "results/demo"]) == 0
    printed = capsys.readouterr().out
    campaign = fh.open("results/demo")
    assert printed.startswith(f"{campaign!r}\n")
    for name, unit in campaign.summary()[["map", "unit"]].drop_duplicates().values:
        assert f"| {name} |" in printed
        assert unit in printed


def test_the_command_opens_no_campaign_with_files_of_two(copied, capsys):
    theory = xr.load_dataset(copied / "theory.nc")
    config = json.loads(theory.attrs["config"])
    config["temperature"]["T_hot_K"] = 51.0
    storage.write(theory.assign_attrs(config=json.dumps(config)), copied / "theory.nc")
    assert main(["open", str(copied)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("The campaign cannot be opened.\n")
    assert "T_hot_K: 51.0" in said.err or "T_hot_K: 50.0" in said.err


def test_every_figure_and_table_of_datasets_is_to_be_had(here):
    campaign = fh.open("results/demo")
    for ending, ask in (("FIGURES", campaign.figure), ("TABLES", campaign.table)):
        groups = (found for group, found in vars(paths).items() if group.endswith(ending))
        # those of the material are of its file too, and a tuple of names
        named = {name for found in groups if isinstance(found, dict) for name in found}
        with pytest.raises(fh.FerronHallError) as refused:
            ask("none")
        assert set(str(refused.value).partition("choose one of ")[2].split(", ")) == named
