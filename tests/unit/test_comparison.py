"""Theory against simulation, on trajectories made up from the theory itself."""

import numpy as np
import pytest
import xarray as xr

from ferronhall.analysis.comparison import comparison_dataset
from ferronhall.base import storage
from ferronhall.model.map_algebra import fold
from ferronhall.model.observables import OBSERVABLES
from ferronhall.model.parameters import model_of, parameters_dataset
from ferronhall.results.tables import result_table
from ferronhall.theory.datasets import theory_dataset, timestep_dataset

FIELDS = ("minus", "zero", "plus")
REPLICAS, BLOCKS = 8, 5


def silent(_):
    """A log that keeps nothing."""


@pytest.fixture
def campaign(config, tmp_path):
    """Parameters, configuration, theory, time-step biases, a writer of trajectories around them."""
    parameters = parameters_dataset(config)
    theory = theory_dataset(model_of(parameters), parameters, config, log=silent)
    timestep = timestep_dataset(parameters, theory, config, log=silent)

    def write(scale, rng, noise=0.02, replicas=REPLICAS):
        paths = {f: [] for f in FIELDS}
        for replica in range(replicas):
            for i, field in enumerate(FIELDS):
                data = {}
                for name in OBSERVABLES:
                    cold = 0.0
                    if name == "polarization":
                        cold = theory["polarization_relaxed"].values
                    biased = theory[name].values[i] + timestep[f"{name}_bias"].values[0, i]
                    signal = biased - cold
                    size = noise * np.abs(theory[name].values - cold).max()
                    blocks = size * rng.normal(size=(BLOCKS, *signal.shape))
                    data[name] = (("block", "x", "y"), cold + scale * signal + blocks)
                path = tmp_path / field / f"{replica:04d}.nc"
                attrs = {"replica": replica, "config_digest": "d"}
                storage.write(xr.Dataset(data, attrs=attrs), path)
                paths[field].append(path)
        return paths

    return parameters, config, theory, timestep, write


def test_a_simulation_of_the_theory_agrees_with_it(campaign, rng):
    *stages, write = campaign
    found = comparison_dataset(*stages, write(1.0, rng))
    closure = found.sel(approximation="closure")
    z = (closure["amplitude"] - 1) / closure["amplitude_stderr"]
    assert np.all(np.abs(z) < 4)
    assert np.all(closure["chi2"] < 2.5)
    assert np.all(closure["probability"] > 0.01)
    assert np.all(found["parity_probability"] > 0.01)


def test_a_simulation_that_differs_is_told_by_how_much(campaign, rng):
    *stages, write = campaign
    found = comparison_dataset(*stages, write(1.3, rng))
    closure = found.sel(approximation="closure", map="kinetic_energy_zero")
    error = float(closure["amplitude_stderr"])
    assert abs(float(closure["amplitude"]) - 1.3) < 4 * error
    assert float(closure["probability"]) == 2.0 ** -(REPLICAS - 1)
    theory, timestep = stages[2:]
    expected = (
        0.3 * fold(theory["kinetic_energy"].values + timestep["kinetic_energy_bias"][0], 1)[1]
    )
    z = (found["kinetic_energy_zero_difference"] - expected) / (
        found["kinetic_energy_zero_difference_stderr"]
    )
    # the errors are taken from eight samples: Student's t, whose median magnitude is 0.71
    assert np.nanmedian(np.abs(z)) < 1


def test_a_simulation_that_does_not_scatter_is_not_judged(campaign, rng):
    """As at T = 0, where every replica is the relaxed slab."""
    *stages, write = campaign
    found = comparison_dataset(*stages, write(0.0, rng, noise=0.0))
    for name in ("amplitude", "amplitude_stderr", "chi2", "probability"):
        assert np.isnan(found[name]).all()


def test_one_replica_is_compared_over_its_blocks(campaign, rng):
    *stages, write = campaign
    found = comparison_dataset(*stages, write(1.0, rng, replicas=1))
    assert found.attrs["samples"] == "blocks"
    assert found.attrs["sample_count"] == BLOCKS
    assert np.isfinite(found.sel(approximation="closure")["amplitude_stderr"]).all()


def test_the_timestep_table_shows_the_bias_falling_with_the_square(campaign):
    parameters, _, theory, timestep, _ = campaign
    table = result_table("timestep", parameters=parameters, theory=theory, timestep=timestep)
    maps = [c for c in table.columns if c.startswith("relative bias of the map")]
    own, double = (table.columns.index(c) for c in maps)
    for row in table.rows:
        assert row[double] / row[own] == pytest.approx(4, rel=0.15)
