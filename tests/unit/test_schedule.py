"""When a trajectory samples: intervals in whole steps, and the one that `auto` chooses."""

import numpy as np
import pytest

from ferronhall.base import storage
from ferronhall.base.errors import ConfigError, UnstableKernelError
from ferronhall.campaign.config import check_sampling, validate
from ferronhall.model.model import Model, read_model
from ferronhall.model.parameters import parameters_dataset
from ferronhall.model.schedule import automatic_steps, balance_sampling, schedule
from tests.unit.test_config import changed


def test_schedule_of_the_paper(config):
    config["time"] = {
        "dt_ps": 0.005,
        "substeps": 2,
        "t_max_ps": 2000.0,
        "t_equil_ps": 300.0,
        "sample_every_steps": 10,
        "samples_per_block": 1000,
    }
    # an interval given by hand hangs on no frequency
    for omega_max in (1.0, 140.0, 1e4):
        equilibration, every, per_block, blocks = schedule(config, omega_max)
        assert (equilibration, every, per_block, blocks) == (120_000, 20, 1000, 34)
        assert equilibration + blocks * per_block * every == 800_000


@pytest.mark.parametrize(
    ("omega_max", "steps"), [(131, 4), (133, 4), (143.8, 4), (108, 5), (150, 3)]
)
def test_auto_is_the_most_steps_below_the_limit(config, omega_max, steps):
    """5 fs a step. Slabs of the default material have 131 to 143.3 rad/ps, its bulk 143.8."""
    assert automatic_steps(config, omega_max) == steps
    assert steps * 0.005 < np.pi / omega_max
    assert 1.1 * (steps + 1) * 0.005 > np.pi / omega_max
    config["time"]["sample_every_steps"] = "auto"
    assert schedule(config, omega_max).every == 2 * steps
    assert balance_sampling(config, omega_max).every == 2 * 5
    config["balances"]["sample_every_steps"] = "auto"
    assert balance_sampling(config, omega_max).every == 2 * steps


def test_auto_is_one_step_at_least(config):
    assert automatic_steps(config, 1e4) == 1


@pytest.mark.parametrize("omega_B", [300.0, 600.0, 1000.0])
def test_in_a_strong_field_displacements_stay_below_the_sampling_rate(config, omega_B):
    """A cyclotron of stiffness omega_max: its faster circular motion, from the quadratic."""
    config["field"]["omega_B_rad_per_ps"] = omega_B
    config["time"]["dt_ps"] = 1e-4
    generator = np.array([[0, 0, 1, 0], [0, 0, 0, 1], [-(140**2), 0, 0, omega_B]])
    generator = np.vstack([generator, [0, -(140**2), -omega_B, 0]])
    fastest = np.abs(np.linalg.eigvals(generator).imag).max()
    interval = 1e-4 * automatic_steps(config, 140.0)
    assert 0.9 < interval * fastest / (2 * np.pi) < 0.93


def test_a_models_frequency_is_that_of_the_preflight(config, tmp_path):
    parameters = parameters_dataset(config)
    found = float(parameters["omega_max"])
    assert Model.from_config(config).omega_max == found
    # read back, not computed again
    parameters["omega_max"] = found + 1
    storage.write(parameters, tmp_path / "parameters.nc")
    assert read_model(tmp_path / "parameters.nc").omega_max == found + 1


def test_an_unstable_model_has_no_frequency(config):
    config["lattice"] |= {"nx": 11, "ny": 7, "nz": 5}
    config["short_range"]["preset"] = "nishimatsu2010"
    config["dipole"]["kernel"] = "longitudinal"
    with pytest.raises(UnstableKernelError, match="unstable"):
        _ = Model.from_config(config).omega_max


LATE = [
    ("time.samples_per_block", 51, ["every 4 steps (auto)", "take 1.02 ps", "lower it to 50"]),
    ("time.samples_per_block", 50, []),
    ("balances.sample_every_steps", 101, ["every 101 steps", "100 steps long", "to 100 or less"]),
    ("balances.sample_every_steps", 100, []),
    ("balances.blocks_averaged", 3, ["3 blocks are not complete", "trajectory of 2", "to 2"]),
]


@pytest.mark.parametrize(("key", "value", "words"), LATE)
def test_what_hangs_on_the_interval_is_checked_once_it_is_known(config, key, value, words):
    """200 steps are sampled: at four steps 50 samples, which the file alone does not say."""
    config["time"]["sample_every_steps"] = "auto"
    if key == "time.samples_per_block":
        config["balances"]["enabled"] = False
    checked = validate(changed(config, key, value))
    if not words:
        return check_sampling(checked, 140.0)
    with pytest.raises(ConfigError) as error:
        check_sampling(checked, 140.0)
    for word in (key, *words):
        assert word in str(error.value)


def test_what_no_interval_of_auto_allows_is_refused_at_once(config):
    """200 steps are sampled, and no interval is shorter than one."""
    config["time"] |= {"sample_every_steps": "auto", "samples_per_block": 201}
    with pytest.raises(ConfigError, match=r"201 samples every step \(auto\) .* to 200 or less"):
        validate(config)
