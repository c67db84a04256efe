"""Variance factors of the estimators, on made-up trajectories whose variances are known."""

import numpy as np
import pytest
import xarray as xr

from ferronhall.analysis.efficiency import doubled_blocks, efficiency_dataset
from ferronhall.analysis.trajectory_length import length_gain
from ferronhall.base import storage
from ferronhall.model.model import Model
from ferronhall.model.observables import OBSERVABLES
from ferronhall.model.schedule import schedule
from ferronhall.results.tables import result_table
from ferronhall.results.tables.efficiency import COARSER, PUBLISHED

FIELDS = ("minus", "zero", "plus")


@pytest.fixture
def model(config):
    return Model.from_config(config)


@pytest.fixture
def parameters(model):
    return model.cells.dataset().assign_attrs(campaign="test")


def lasting(config, blocks):
    """A configuration whose trajectories are of so many blocks."""
    time = config["time"]
    block = time["dt_ps"] * time["sample_every_steps"] * time["samples_per_block"]
    time["t_max_ps"] = time["t_equil_ps"] + blocks * block
    assert schedule(config, omega_max=140.0).blocks == blocks
    return config


def write_trajectories(folder, parameters, rng, shared, replicas=40, blocks=6):
    """White maps of unit variance, a part `shared` of which is the same at every field."""
    files = {f: [] for f in FIELDS}
    shape = (blocks, parameters.sizes["x"], parameters.sizes["y"])
    for replica in range(replicas):
        common = {name: rng.normal(size=shape) for name in OBSERVABLES}
        for field in FIELDS:
            data = {}
            for name in OBSERVABLES:
                own = rng.normal(size=shape)
                values = np.sqrt(shared) * common[name] + np.sqrt(1 - shared) * own
                data[name] = (("block", "x", "y"), values)
            files[field].append(folder / f"{field}{replica}.nc")
            identity = {"field": field, "replica": replica, "root_seed": "7"}
            identity["config_digest"] = "made up"
            storage.write(xr.Dataset(data, attrs=identity), files[field][-1])
    return files


def test_factors_of_common_noise_and_of_folding(config, model, parameters, tmp_path, rng):
    """Common noise lowers the variance by 1/(1 − shared), folding by the four corners."""
    files = write_trajectories(tmp_path, parameters, rng, shared=0.8)
    found = efficiency_dataset(model, lasting(config, 6), files, None, 1.0)
    for target in ("delta_polarization", "delta_kinetic_energy"):
        at = found.sel(target=target)
        for name, expected in (
            ("folded, independent noise", 4),
            ("one corner, common noise", 5),
            ("folded, common noise", 20),
        ):
            cell = at.sel(estimator=name)
            z = (float(cell["factor"]) - expected) / float(cell["factor_stderr"])
            assert abs(z) < 4
    zero = found.sel(target="angular_momentum_zero", estimator="folded, common noise")
    assert abs(float(zero["factor"]) - 4) < 4 * float(zero["factor_stderr"])


def test_an_oblique_field_makes_two_corners_equal(config, parameters, tmp_path, rng):
    """Folding lowers the variance of a field-odd response by two, of L_z at no field by four."""
    config["field"]["direction"] = [1.0, 1.0, 1.0]
    model = Model.from_config(config)
    files = write_trajectories(tmp_path, parameters, rng, shared=0.5)
    found = efficiency_dataset(model, lasting(config, 6), files, None, 1.0)
    variance = found["variance"].sel(estimator=["one corner, common noise", "folded, common noise"])
    ratios = (variance[:, 0] / variance[:, 1]).values
    # of 240 blocks at four corners, and at two pairs of them
    error = np.sqrt(2 / 240 * (1 / 4 + 1 / 2))
    np.testing.assert_allclose(ratios, [2, 2, 4], rtol=4 * error)
    table = table_of(found, made_up_biases(parameters), parameters)
    assert "two pairs of equal corners" in table.notes[-1]


def test_a_single_replica_has_no_noise_of_another(config, model, parameters, tmp_path, rng):
    """Then the gain of folding is known, and that of common noise is not."""
    files = write_trajectories(tmp_path, parameters, rng, shared=0.8, replicas=1, blocks=400)
    found = efficiency_dataset(model, lasting(config, 400), files, None, 1.0)
    assert found["estimator"].values.tolist() == [
        "one corner, common noise",
        "folded, common noise",
    ]
    factors = found["factor"].sel(target="delta_polarization").values
    # four corners' variances over that of their mean: relative error sqrt(2/400 + 2/1600)
    assert factors == pytest.approx([1, 4], abs=4 * 4 * np.sqrt(2.5 / 400))


def test_a_single_block_has_no_variance(config, model, parameters, tmp_path, rng):
    """The table says so, and what to raise, in place of rows."""
    files = write_trajectories(tmp_path, parameters, rng, shared=0.8, replicas=1, blocks=1)
    found = efficiency_dataset(model, lasting(config, 1), files, None, 1.0)
    assert np.isnan(found["variance"]).all()
    table = table_of(found, made_up_biases(parameters), parameters)
    assert not table.rows
    assert "ensemble.replicas" in table.notes[0] and "time.t_max_ps" in table.notes[0]


def test_the_table_lists_what_there_is(config, model, parameters, tmp_path, rng):
    files = write_trajectories(tmp_path, parameters, rng, shared=0.5, replicas=4)
    found = efficiency_dataset(model, lasting(config, 6), files, None, 1.0)
    timestep = made_up_biases(parameters)
    table = table_of(found, timestep, parameters)
    assert len(table.rows) == 1 + 10 + 3 * 2
    published, first = table.rows[:2]
    assert published[2] == PUBLISHED
    assert first[3] ** 2 / published[3] ** 2 == pytest.approx(published[4])
    assert not any("twin" in row[2] for row in table.rows)
    for row, before in zip(table.rows[1:], table.rows, strict=False):
        if row[2] == COARSER:
            assert row[-2:] == [2.0, pytest.approx(4 * before[-1])]
    best = next(row for row in table.rows if row[2] == "folded, common noise")
    assert best[-1] == pytest.approx(3.0 / (best[3] / np.sqrt(4 * 6)))
    short = table_of(found, timestep.isel(substep=[0]), parameters)
    assert not any(row[2] == COARSER for row in short.rows)


def table_of(efficiency, timestep, parameters):
    return result_table(
        "efficiency", parameters=parameters, timestep=timestep, efficiency=efficiency
    )


def made_up_biases(parameters):
    """Edge responses that the substep raises by 3, and one twice as long by 12."""
    signs = np.outer(np.sign(parameters["x"]), np.sign(parameters["y"]))
    odd = np.multiply.outer([3.0, 12.0], signs)
    dims = ("substep", "x", "y")
    return xr.Dataset(
        {
            "delta_polarization_bias": (dims, odd),
            "delta_kinetic_energy_bias": (dims, odd),
            "angular_momentum_bias": (("substep", "field", "x", "y"), np.stack([odd] * 3, axis=1)),
        }
    )


@pytest.mark.parametrize("memory", [0.0, 0.6])
def test_the_gain_of_longer_trajectories_is_that_of_their_means(rng, memory):
    """Against the means of made-up trajectories, whose blocks remember the one before."""
    count, blocks, longer = 4000, 8, 20
    noise = rng.normal(size=(2 * count, longer + 1))
    series = noise[:, 1:] + memory * noise[:, :-1]
    short, long = series[:, :blocks], series[:count]
    expected = short.mean(axis=1).var() / 2 / long.mean(axis=1).var()
    gain, error = length_gain(short[:400], longer)
    # an empirical ratio of variances is known to sqrt(2/count + 2/(2 count))
    tolerance = 4 * np.hypot(error, expected * np.sqrt(3 / count))
    assert abs(gain - expected) < tolerance
    # blocks without memory: what is sampled of the same core time, and nothing else
    assert memory or gain == pytest.approx(longer / (2 * blocks), rel=0.1)


def test_a_doubled_trajectory_equilibrates_once(config):
    """2 ps with 1 ps discarded are 4 blocks of 0.25 ps; 4 ps are 12."""
    assert schedule(config, omega_max=140.0).blocks == 4
    assert doubled_blocks(config, omega_max=140.0) == 12
