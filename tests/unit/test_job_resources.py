"""What is asked of a scheduler, against what a replica and a theory take here."""

import pytest
import yaml

from ferronhall.base.errors import ConfigError
from ferronhall.campaign import job_resources, memory
from ferronhall.campaign.estimate import Estimate, estimate
from ferronhall.engine import kernels
from ferronhall.engine.propagator import Propagator
from ferronhall.model.geometry import Slab
from ferronhall.public.command.check import check


def test_estimate_counts_trajectories_and_substeps(config):
    found = estimate(config)
    # three fields, each with its twin
    assert (found.trajectories, found.substeps) == (6, 800 // 2 + 400)
    assert "6 trajectories of 800 substeps" in str(found)


def test_a_run_before_the_first_compilation_does_not_compile_to_know_its_cost(config, monkeypatch):
    """It says so, and is right within what cores differ by."""
    monkeypatch.setattr(kernels, "compiled_before", lambda: False)
    monkeypatch.setattr(Propagator, "run", None)
    found = estimate(config, compiling=False)
    assert not found.timed and "on a typical core" in str(found)
    monkeypatch.undo()
    timed = estimate(config)
    assert "ms each here" in str(timed)
    assert found.ms_per_substep == pytest.approx(timed.ms_per_substep, rel=4)


def test_a_twin_doubles_the_time_of_a_replica():
    """Six trajectories of a million substeps at 1.2 ms: 7200 s."""
    stored = {"interval_ps": 0.05, "blocks": 40, "block_ps": 50.0}
    found = Estimate(6, 1_000_000, 1.2, memory_MB=300.0, disk_MB=10.0, **stored)
    assert found.core_seconds == pytest.approx(7200)


@pytest.mark.parametrize("padding", [2.0, 4.0, "isolated"])
@pytest.mark.parametrize("twin", [False, True])
def test_a_replica_asks_for_more_than_it_takes(config, padding, twin):
    config["lattice"] = {"nx": 41, "ny": 7, "nz": 3, "padding_y": padding}
    config["ensemble"]["harmonic_twin"] = twin
    assert job_resources.replica_memory(config) > estimate(config).memory_MB


def test_a_lattice_beyond_this_machine_is_refused_with_its_number(config, tmp_path):
    """By the estimate, by the pre-flight and by `ferronhall check`, before any builds it."""
    config["lattice"] |= {"nx": 3001, "ny": 3001, "nz": 3001}
    with pytest.raises(
        ConfigError, match=r"lattice: a replica asks for .* arrays of the lattice, .* none runs"
    ):
        estimate(config)
    with pytest.raises(ConfigError, match=r"lattice: its couplings ask for .* GB .* nothing runs"):
        memory.require_model(config)
    path = tmp_path / "large.yaml"
    path.write_text(yaml.safe_dump(config))
    with pytest.raises(ConfigError, match=r"lattice: its couplings ask for .* GB of memory"):
        check(path)


def test_couplings_may_fit_where_a_replica_does_not(config):
    """Theory needs no more than them: it is refused by itself, not with the trajectories."""
    config["lattice"] |= {"nx": 401, "ny": 801, "nz": 101, "padding_y": 2.0}
    needed = job_resources.model_memory(config), job_resources.replica_memory(config)
    assert 10 * needed[0] < needed[1]


@pytest.mark.parametrize(
    ("group", "averaged", "enabled", "words"),
    [
        ("time", 1, False, ["time.samples_per_block", "time.t_max_ps"]),
        ("time", 50, True, ["time.samples_per_block", "time.t_max_ps"]),
        ("balances", 1, True, ["balances.blocks_averaged", "balances.enabled"]),
    ],
)
def test_short_blocks_are_not_blamed_on_the_lattice(config, group, averaged, enabled, words):
    config["lattice"] |= {"nx": 31, "ny": 15, "nz": 1}
    config["time"] |= {"t_max_ps": 1e5, "samples_per_block": 1}
    config["balances"] |= {"enabled": enabled, "blocks_averaged": averaged}
    with pytest.raises(ConfigError) as refused:
        estimate(config)
    message = str(refused.value)
    assert message.startswith(f"{group}: a replica asks for up to")
    for word in ("for the means of the blocks", *words):
        assert word in message
    assert "lattice" not in message
    # the way out leads out
    config["time"]["samples_per_block"] = 10**5
    assert job_resources.replica_memory(config) < 2000


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


@pytest.mark.parametrize(
    ("shape", "unasked"), [((31, 15, 9), True), ((41, 25, 9), True), ((101, 85, 13), False)]
)
def test_a_spectrum_is_made_unasked_where_it_takes_seconds(config, shape, unasked):
    config["lattice"].update(zip(("nx", "ny", "nz"), shape, strict=True))
    assert job_resources.theory_modest(config) == unasked
    assert job_resources.theory_threads(config) == (1 if unasked else 2)
    assert job_resources.spectrum_memory(config) > job_resources.steady_state_memory(config)
