"""Theory against simulation, on trajectories made up from the theory itself."""

import numpy as np
import pytest
import xarray as xr

from ferronhall.analysis.comparison import comparison_dataset
from ferronhall.analysis.ensemble import ensemble_dataset
from ferronhall.base import storage
from ferronhall.model.map_algebra import fold
from ferronhall.model.mirrors import Mirrors
from ferronhall.model.model import Model
from ferronhall.model.observables import OBSERVABLES
from ferronhall.results.tables import result_table
from ferronhall.theory.datasets import theory_dataset, timestep_dataset

FIELDS = ("minus", "zero", "plus")
REPLICAS, BLOCKS = 8, 5


def silent(_):
    """A log that keeps nothing."""


@pytest.fixture
def oblique(config, tmp_path):
    """Builds a campaign whose field has another direction."""

    def make(direction):
        config["field"]["direction"] = direction
        return made_up_campaign(config, tmp_path)

    return make


@pytest.fixture
def campaign(config, tmp_path):
    return made_up_campaign(config, tmp_path)


def made_up_campaign(config, tmp_path):
    """Model, configuration, theory, time-step biases, a writer of trajectories around them."""
    model = Model.from_config(config)
    theory = theory_dataset(model, config, log=silent)
    timestep = timestep_dataset(model, theory, config, 130.0, log=silent)

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
                attrs = {"field": field, "replica": replica, "root_seed": "7"}
                attrs["config_digest"] = "d"
                storage.write(xr.Dataset(data, attrs=attrs), path)
                paths[field].append(path)
        return paths

    return model, config, theory, timestep, write


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
    # no flip of the signs of 40 samples gives as much
    assert float(closure["probability"]) == 1 / 4096
    theory, timestep = stages[2:]
    biased = theory["kinetic_energy"].values + timestep["kinetic_energy_bias"][0].values
    expected = 0.3 * fold(biased, 1, Mirrors.of([0, 0, 1]))[1]
    z = (found["kinetic_energy_zero_difference"] - expected) / (
        found["kinetic_energy_zero_difference_stderr"]
    )
    # the errors are taken from eight samples: Student's t, whose median magnitude is 0.71
    assert np.nanmedian(np.abs(z)) < 1


def test_a_simulation_that_does_not_scatter_is_not_judged(campaign, rng):
    """As at T = 0, where every replica is the relaxed slab."""
    *stages, write = campaign
    found = comparison_dataset(*stages, write(0.0, rng, noise=0.0))
    for name in ("amplitude", "amplitude_stderr", "chi2", "probability", "parity_probability"):
        assert np.isnan(found[name]).all()


def test_one_replica_is_compared_over_its_blocks(campaign, rng):
    *stages, write = campaign
    found = comparison_dataset(*stages, write(1.0, rng, replicas=1))
    assert found.attrs["samples"] == "blocks"
    assert found.attrs["sample_count"] == BLOCKS
    assert np.isfinite(found.sel(approximation="closure")["amplitude_stderr"]).all()


@pytest.mark.parametrize("direction", [[1.0, 1.0, 1.0], [0.3, -0.5, 0.8], [0.0, 1.0, 1.0]])
def test_an_oblique_field_is_folded_by_what_it_leaves(oblique, rng, direction):
    """What the mirrors of a field along z would average away stays: amplitudes of 1."""
    *stages, write = oblique(direction)
    found = comparison_dataset(*stages, write(1.0, rng, noise=3e-4))
    closure = found.sel(approximation="closure")
    z = (closure["amplitude"] - 1) / closure["amplitude_stderr"]
    assert np.all(np.abs(z) < 4.5)
    assert np.all(closure["amplitude_stderr"] < 0.1)
    assert np.all(closure["probability"] > 0.01)
    assert np.all(found["parity_probability"] > 0.01)
    assert found.attrs["symmetry"] == stages[0].mirrors.attributes["symmetry"]


@pytest.mark.parametrize("direction", [[1.0, 0.0, 0.0], [1.0, 1.0, 0.0]])
def test_a_field_across_z_has_no_field_odd_maps(oblique, rng, direction):
    """Nothing is left to compare; what breaks the symmetry is the whole map, and noise."""
    *stages, write = oblique(direction)
    theory = stages[2]
    files = write(1.0, rng)
    found = comparison_dataset(*stages, files)
    for name in OBSERVABLES:
        assert not theory[f"delta_{name}"].values.any()
        assert not found[f"delta_{name}_difference"].values.any()
        chosen = found.sel(map=f"delta_{name}", approximation="closure")
        assert np.isnan([chosen[k] for k in ("amplitude", "chi2", "probability")]).all()
        assert chosen["parity_probability"] > 0.01
    at_zero = found.sel(approximation="closure", map=[f"{name}_zero" for name in OBSERVABLES])
    assert np.all(np.abs(at_zero["amplitude"] - 1) < 4.5 * at_zero["amplitude_stderr"])
    ensemble = ensemble_dataset(*stages[:2], files)
    projection = result_table("projection", ensemble=ensemble, comparison=found)
    mirrors = projection.columns.index("mirrors")
    assert [row[mirrors] for row in projection.rows[3:]] == ["zero"] * 3
    # with twins there is a second row of what the theory predicts, and of that alone
    tests = {f"twin_{name}": found[f"parity_{name}"] for name in ("chi2", "probability")}
    aided = result_table("projection", ensemble=ensemble, comparison=found.assign(tests))
    assert len(aided.rows) == len(projection.rows) + len(at_zero["map"])
    summary = result_table("summary", ensemble=ensemble)
    labels = [row[1] for row in summary.rows if row[0].startswith("Δ_B")]
    assert labels == ["edge accumulation (zero by symmetry)"] * 3


def test_the_timestep_table_shows_the_bias_falling_with_the_square(campaign):
    model, _, theory, timestep, _ = campaign
    parameters = model.cells.dataset().assign_attrs(campaign="test")
    table = result_table("timestep", parameters=parameters, theory=theory, timestep=timestep)
    maps = [c for c in table.columns if c.startswith("relative bias of the map")]
    own, double = (table.columns.index(c) for c in maps)
    for row in table.rows:
        assert row[double] / row[own] == pytest.approx(4, rel=0.15)
