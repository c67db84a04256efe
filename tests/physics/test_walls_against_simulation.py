"""Trajectories with a wall in the middle of a small slab against the theory about it."""

import copy

import numpy as np
import pytest

from ferronhall.analysis.comparison import comparison_dataset
from ferronhall.analysis.control_variate import ControlVariate
from ferronhall.analysis.ensemble import ensemble_dataset
from ferronhall.base.storage import write
from ferronhall.engine.trajectory import run_replica
from ferronhall.model.model import Model
from ferronhall.model.parameters import parameters_dataset
from ferronhall.model.response_maps import HALL_RESPONSES, RESPONSE_MAPS
from ferronhall.results import figures
from ferronhall.results.tables import result_table
from ferronhall.theory.datasets import theory_dataset, timestep_dataset
from ferronhall.theory.domain_walls import domain_walls_dataset
from ferronhall.theory.twin import twin_dataset
from tests.conftest import CONFIG

REPLICAS = 3


def silent(_):
    """A log that keeps nothing."""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Comparison, ensemble and theory of 9 × 6 × 16 cells, hot at 20 K, with harmonic twins."""
    config = copy.deepcopy(CONFIG)
    config["domains"]["walls_y"] = [3]
    config["lattice"].update(nx=9, ny=6, nz=16)
    config["temperature"]["T_hot_K"] = 20.0
    config["time"].update(dt_ps=0.01, substeps=1, t_max_ps=105.0, t_equil_ps=5.0)
    config["time"].update(sample_every_steps=2, samples_per_block=250)
    config["ensemble"].update(precision="float32", replicas=REPLICAS)
    config["balances"]["enabled"] = False
    config["theory"]["closure"] = "averaged"
    model = Model.from_config(config)
    theory = theory_dataset(model, config, log=silent)
    timestep = timestep_dataset(model, theory, config, model.omega_max, log=silent)
    control = ControlVariate(model, twin_dataset(model, config, log=silent))
    folder = tmp_path_factory.mktemp("wall")
    files = {"minus": [], "zero": [], "plus": []}
    for replica in range(REPLICAS):
        for field, dataset in run_replica(model, config, replica, "d", silent).items():
            files[field].append(folder / f"{field}-{replica}.nc")
            write(dataset, files[field][-1])
    comparison = comparison_dataset(model, config, theory, timestep, files, control)
    ensemble = ensemble_dataset(model, config, files, control)
    return comparison, ensemble, theory, parameters_dataset(config), model


def test_amplitudes_are_one(found):
    """Of the samples as they are, which owe the theory nothing, within four standard errors."""
    chosen = found[0].sel(approximation="closure")
    z = (chosen["amplitude_raw"] - 1) / chosen["amplitude_raw_stderr"]
    assert np.all(np.abs(z) < 4), dict(zip(z["map"].values, z.values, strict=True))
    seen = chosen["amplitude_raw_stderr"].sel(map=list(HALL_RESPONSES))
    assert np.all(seen < 0.15)
    assert np.all(chosen["probability_raw"] > 1e-3)


def test_twins_keep_to_their_averages_and_mirrors_hold(found):
    assert np.all(found[0]["twin_probability"] > 1e-3)
    assert np.all(found[0]["parity_probability"] > 1e-3)


def test_the_ferron_hall_effect_at_faces_and_wall(found):
    """Even about the wall, where what one domain gains the other one loses with opposite P."""
    _, ensemble, theory, *_ = found
    right, error = theory["end_delta_polarization"], ensemble["end_delta_polarization_stderr"]
    z = (ensemble["end_delta_polarization"] - right) / error
    assert np.all(np.abs(z) < 4), z.values
    faces, sides = (right.values[[0, 1], ends] for ends in ([0, 1], [1, 0]))
    np.testing.assert_allclose(faces[0], faces[1], rtol=1e-6)
    np.testing.assert_allclose(sides[0], sides[1], rtol=1e-6)
    assert ensemble["sign"].values.tolist() == [1, -1]
    assert "replicas_with_moved_walls" not in ensemble.attrs


def test_figure_and_tables_show_walls_and_ends(found):
    _, ensemble, theory, parameters, model = found
    # the ferron Hall effect of both faces has one sign, so no drawing gives it two
    gathering = {name: RESPONSE_MAPS[name].gathers(model.mirrors) for name in HALL_RESPONSES}
    assert [name for name, does in gathering.items() if not does] == ["delta_polarization"]
    walls = domain_walls_dataset(model, {"campaign": "test"}, silent)
    table = result_table("domain_ends", theory=theory, ensemble=ensemble)
    shown = [row[:4] for row in table.rows if row[0] == "Δ_B P"]
    assert [row[2:] for row in shown] == [
        ["+P", "lower face"],
        ["+P", "wall at 3"],
        ["−P", "wall at 3"],
        ["−P", "upper face"],
    ]
    (row,) = result_table("domain_walls", domain_walls=walls).rows
    assert row[:3] == [3, 0.0, float(walls["wall_energy"][0])]
    datasets = {"parameters": parameters, "domain_walls": walls}
    drawn = figures.draw("domain_walls", **datasets, theory=theory, ensemble=ensemble)
    profile, *cuts = (columns for _, columns in drawn.data)
    np.testing.assert_allclose(profile["u/u0"] * float(parameters["u0"]), model.rest)
    flank = model.flank & (model.slab.x > 0)
    right = theory["delta_polarization"].values[flank].mean(axis=0)
    line = cuts[-1]["Delta_B P (uC/m2)"]
    np.testing.assert_allclose(line / np.abs(line).max(), right / np.abs(right).max())
    marked = [axes.lines[0].get_xdata()[0] for axes in drawn.figure.axes]
    assert marked == [0.0] * 4


def test_the_summary_reports_walls_that_moved(found):
    ensemble = found[1]
    for moved, words in (({}, []), ({"replicas_with_moved_walls": np.array([1, 4])}, ["1, 4"])):
        notes = result_table("summary", ensemble=ensemble.assign_attrs(moved)).notes
        told = [note for note in notes if note.startswith("Left out")]
        assert told == [f"Left out, as a domain wall moved: replica {w}." for w in words]
