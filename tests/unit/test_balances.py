"""Balances of a campaign: sampling, means with errors, χ² and slopes, with known answers."""

import numpy as np
import pytest

from ferronhall.analysis import balances
from ferronhall.analysis.balance_terms import RESIDUALS, TERMS
from ferronhall.base import storage
from ferronhall.base.errors import DataFileError
from ferronhall.engine import balance_means
from ferronhall.engine.balance_variables import UNITS
from ferronhall.engine.trajectory import run_replica
from ferronhall.model.material import Material, read_material
from ferronhall.model.model import Model

FIELDS = ("minus", "zero", "plus")


def _replica(config, number=0):
    return run_replica(Model.from_config(config), config, number, "d", lambda line: None)


@pytest.fixture
def campaign(config, tmp_path):
    """Runs the configured campaign: model, configuration and paths of its trajectories."""

    def run():
        paths = {f: [] for f in FIELDS}
        for replica in range(config["ensemble"]["replicas"]):
            for field, found in _replica(config, replica).items():
                path = tmp_path / field / f"{replica}.nc"
                storage.write(found, path)
                paths[field].append(path)
        return Model.from_config(config), config, paths

    return run


def test_moments_are_means_over_their_blocks(config):
    """With the same samples the mean displacement gives the polarization of two blocks."""
    config["balances"] = {"enabled": True, "sample_every_steps": 2, "blocks_averaged": 2}
    found = _replica(config)["plus"]
    assert found.sizes["block"] == 4 and found.sizes["balance_block"] == 2
    material = Material.from_dict(read_material(config["material"]))
    shift = found["moment_longitudinal_displacement"].values
    expected = found["polarization"].values.reshape(2, 2, *shift.shape[1:]).mean(axis=1)
    derivative = material.polarization_derivative[0, 0]
    found_polarization = derivative * (material.onsite.amplitude + shift)
    np.testing.assert_allclose(found_polarization, expected, rtol=1e-7)
    assert {f"moment_{name}" for name in UNITS} <= set(found.data_vars)


@pytest.mark.parametrize("replicas", [2, 4])
def test_the_polarization_is_that_of_the_trajectories_own_blocks(campaign, config, replicas):
    """Sampled as often as the maps are, over whole blocks of the balances: three of four here."""
    config["ensemble"] |= {"replicas": replicas, "harmonic_twin": False}
    config["balances"] = {"enabled": True, "sample_every_steps": 7, "blocks_averaged": 3}
    model, _, paths = campaign()
    found = balances.balances_dataset(model, config, paths)
    own = np.array(
        [
            [storage.read(p)["polarization"].values[:3].mean(axis=0) for p in paths[f]]
            for f in FIELDS
        ]
    )
    np.testing.assert_allclose(found["polarization"], own.mean(axis=1), rtol=1e-12)
    error = own.std(axis=1, ddof=1) / np.sqrt(replicas)
    np.testing.assert_allclose(found["polarization_stderr"], error, rtol=1e-6)


@pytest.mark.parametrize("every", [1, 3, 7, 20])
def test_every_block_counts_its_own_samples(make_operator, every):
    """Intervals that do not divide a block leave unequal numbers of samples in the blocks."""
    plan = balance_means.build_plan(make_operator((3, 2, 2)), np.float32, every, 2)
    means = balance_means.BalanceMeans(plan, 2, 11, 10, averaged=2)
    for step in range(11, 61):
        plan.sums[:] += 2.0 * (step % every == 0)
        means.visit(step + 1)
    np.testing.assert_array_equal(means.means, np.ones((2, *plan.sums.shape)))
    assert len(means.within(3)) == 1


def test_sampling_leaves_the_trajectory_as_it_is(config):
    with_it = _replica(config)["plus"]
    config["balances"]["enabled"] = False
    without = _replica(config)["plus"]
    assert not any(name.startswith("moment_") for name in without.data_vars)
    for name in without.data_vars:
        assert np.array_equal(with_it[name], without[name])


def test_every_term_has_unit_error_and_field_odd_part(campaign):
    found = balances.balances_dataset(*campaign())
    for name, (unit, _, _) in TERMS.items():
        for key in (name, f"{name}_folded", f"delta_{name}", f"delta_{name}_folded"):
            assert found[key].attrs["units"] and f"{key}_stderr" in found
        assert found[name].dims == ("field", "x", "y") and found[name].attrs["units"] == unit
        odd = (found[name].sel(field=1) - found[name].sel(field=-1)) / 2
        scale = 1e6 if unit == "C/m^2" else 1
        np.testing.assert_allclose(found[f"delta_{name}"], scale * odd, atol=1e-9 * scale)
    assert found["chi_squared"].dims == ("residual", "part")
    assert list(found["residual"].values) == list(RESIDUALS)
    assert found.attrs["samples"] == "blocks" and found.attrs["sample_count"] == 2 * 4


def test_one_replica_takes_its_errors_from_blocks(campaign, config):
    config["ensemble"]["replicas"] = 1
    found = balances.balances_dataset(*campaign())
    assert found.attrs["samples"] == "blocks" and found.attrs["sample_count"] == 4
    assert found.attrs["expected_chi_squared"] == 3
    assert np.all(found["power_bath_stderr"] > 0)


def test_trajectories_without_balances_are_refused(campaign, config):
    config["balances"]["enabled"] = False
    with pytest.raises(DataFileError, match=r"sampled no balances; set balances\.enabled: true"):
        balances.balances_dataset(*campaign())


def test_chi_squared_of_noise_and_of_a_bias(rng):
    """Student's squares: (N − 1)/(N − 3) within 4 errors; cells without scatter are out."""
    samples = rng.normal(size=(12, 60, 60))
    samples[:, 0] = 0
    error = samples.std(axis=0, ddof=1) / np.sqrt(12)
    ratios = (samples.mean(axis=0)[1:] / error[1:]) ** 2
    found = balances.chi_squared(samples.mean(axis=0), error)
    assert abs(found - 11 / 9) < 4 * ratios.std() / np.sqrt(ratios.size)
    assert balances.chi_squared(samples.mean(axis=0) + 3 * error, error) > 9


def test_shared_noise_neither_flattens_nor_feigns_a_slope(rng):
    """Noise ten times the signal, half of it common to both: the slope within 4 of its errors."""
    signal = rng.normal(size=(20, 30))
    common, own = rng.normal(size=(2, 200, 20, 30))
    slope, error = balances.slope(signal + 5 * common, 0.7 * signal + 5 * common + 5 * own)
    assert abs(slope - 0.7) < 4 * error and error < 0.05
    assert np.all(np.isnan(balances.slope(common[:2], own[:2])))
