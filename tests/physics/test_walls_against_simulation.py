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
from ferronhall.model.response_maps import HALL_RESPONSES
from ferronhall.theory.datasets import theory_dataset, timestep_dataset
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
    return comparison, ensemble_dataset(model, config, files, control), theory


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
    _, ensemble, theory = found
    right, error = theory["end_delta_polarization"], ensemble["end_delta_polarization_stderr"]
    z = (ensemble["end_delta_polarization"] - right) / error
    assert np.all(np.abs(z) < 4), z.values
    faces, sides = (right.values[[0, 1], ends] for ends in ([0, 1], [1, 0]))
    np.testing.assert_allclose(faces[0], faces[1], rtol=1e-6)
    np.testing.assert_allclose(sides[0], sides[1], rtol=1e-6)
    assert ensemble["sign"].values.tolist() == [1, -1]
    assert "replicas_with_moved_walls" not in ensemble.attrs
