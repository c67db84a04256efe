"""What is asked of a scheduler, against what a replica and a theory take here."""

import pytest

from ferronhall.base.errors import ConfigError
from ferronhall.campaign import job_resources
from ferronhall.campaign.estimate import estimate
from ferronhall.engine.balance_means import UNITS
from ferronhall.model.geometry import Slab


def test_every_moment_is_counted():
    assert len(UNITS) == job_resources.MOMENTS


@pytest.mark.parametrize("padding", [2.0, 4.0, "isolated"])
@pytest.mark.parametrize("twin", [False, True])
def test_a_replica_asks_for_more_than_it_takes(config, padding, twin):
    config["lattice"] = {"nx": 41, "ny": 7, "nz": 3, "padding_y": padding}
    config["ensemble"]["harmonic_twin"] = twin
    assert job_resources.replica_memory(config) > estimate(config).memory_MB


def test_a_lattice_beyond_this_machine_is_not_timed(config):
    config["lattice"] |= {"nx": 3001, "ny": 3001, "nz": 3001}
    with pytest.raises(ConfigError, match=r"lattice: a replica asks for up to .* nothing is timed"):
        estimate(config)


@pytest.mark.parametrize("ask", [job_resources.replica_memory, job_resources.steady_state_memory])
@pytest.mark.parametrize("padding", [10.0, "isolated"])
def test_a_wider_box_asks_for_its_kernel(config, ask, padding):
    """Nine doubles, a few times over, for every cell of the box, or point of the isolated zone."""
    config["lattice"] = {"nx": 301, "ny": 5, "nz": 9, "padding_y": 2.0}
    narrow, fewer = ask(config), Slab.from_config(config).zone_points
    config["lattice"]["padding_y"] = padding
    more = Slab.from_config(config).zone_points
    assert more >= 5 * fewer
    assert ask(config) - narrow > 3 * 8e-6 * 9 * 301 * 9 * (more - fewer)


def test_a_wall_limit_bounds_what_is_asked_for(config):
    config["time"] |= {"t_max_ps": 2000.0}
    config["lattice"] |= {"nx": 101, "ny": 85, "nz": 13}
    whole = job_resources.replica_minutes(config)
    # three members of 400,000 substeps, 2.3 ms each as measured: less than asked, by a few times
    assert 2 * 46 < whole < 20 * 46
    config["checkpoint"]["wall_limit_minutes"] = 55.5
    assert job_resources.replica_minutes(config) == 56
