"""Every map of the simulation against the noise-free theory, in the harmonic limit."""

import copy

import numpy as np
import pytest

from ferronhall.analysis.comparison import comparison_dataset
from ferronhall.base.storage import write
from ferronhall.engine.trajectory import run_replica
from ferronhall.model.model import Model
from ferronhall.theory.datasets import theory_dataset, timestep_dataset
from tests.conftest import CONFIG

REPLICAS = 20


def silent(_):
    """A log that keeps nothing."""


@pytest.fixture(scope="module")
def comparison(tmp_path_factory):
    """A small slab with a hot band of 0.5 K, simulated without twins."""
    config = copy.deepcopy(CONFIG)
    config["lattice"].update(nx=11, ny=7, nz=2)
    config["temperature"]["T_hot_K"] = 0.5
    config["time"].update(t_max_ps=105.0, t_equil_ps=15.0, samples_per_block=500)
    config["ensemble"].update(precision="float32", harmonic_twin=False)
    model = Model.from_config(config)
    theory = theory_dataset(model, config, log=silent)
    timestep = timestep_dataset(model, theory, config, 130.0, log=silent)
    folder = tmp_path_factory.mktemp("harmonic")
    files = {"minus": [], "zero": [], "plus": []}
    for replica in range(REPLICAS):
        for field, dataset in run_replica(model, config, replica, "d", silent).items():
            files[field].append(folder / f"{field}-{replica}.nc")
            write(dataset, files[field][-1])
    return comparison_dataset(model, config, theory, timestep, files)


def test_amplitudes_are_one(comparison):
    """Within four standard errors over replicas; the ferron Hall effect at least four from zero."""
    chosen = comparison.sel(approximation="harmonic")
    z = (chosen["amplitude"] - 1) / chosen["amplitude_stderr"]
    assert np.all(np.abs(z) < 4), dict(zip(z["map"].values, z.values, strict=True))
    seen = chosen.sel(map=["angular_momentum_zero", "delta_polarization"])
    assert np.all(seen["amplitude"] / seen["amplitude_stderr"] > 4)


def test_what_is_left_is_noise(comparison):
    """χ² a degree of freedom as chance allows: six maps, each with a probability above 1/1000."""
    chosen = comparison.sel(approximation="harmonic")
    assert np.all(chosen["chi2"] < 3)
    assert np.all(comparison["probability"] > 1e-3)
    assert np.all(comparison["parity_probability"] > 1e-3)
