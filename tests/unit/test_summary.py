"""The lines that end a dry run."""

import math
from types import SimpleNamespace

import pytest

from ferronhall.analysis.samples import MOST_SAMPLES
from ferronhall.base.errors import ConfigError
from ferronhall.campaign import stage_costs, summary
from ferronhall.campaign.estimate import Estimate
from ferronhall.campaign.plan import Job
from ferronhall.campaign.stage_costs import Cost, StageCosts
from ferronhall.model.model import Model

HEAT = "temperature.T_hot_K: 50.0 → 70.0"


def replicas(count, **changes):
    return [Job(f"trajectories/minus/{n:04d}", **changes) for n in range(count)]


def numbered(*jobs):
    return dict(enumerate(jobs))


def test_each_stage_has_a_line_with_its_reasons():
    jobs = numbered(
        Job("preflight-0123", causes=("new",)),
        *replicas(2, causes=(HEAT,), finished=True),
        Job("trajectories/minus/0002", causes=("new",)),
        Job("trajectories/minus/0003", runs=False, finished=True),
        Job("ensemble", follows=("trajectories",), finished=True),
        Job("theory", runs=False, finished=True),
        Job("figures/fig3", causes=("code",), follows=("ensemble",), finished=True),
        Job("figures/fig1", follows=("ensemble",), finished=True),
    )
    lines = [line.split(maxsplit=1) for line in summary.stage_lines(jobs)]
    assert [line[0] for line in lines] == ["preflight", "trajectories", "ensemble", "figures"]
    reasons = dict(lines)
    assert reasons["preflight"].split(maxsplit=1) == ["1", "new"]
    assert reasons["trajectories"] == f"3 of 4  {HEAT} (2 of them); new (1 of them)"
    assert reasons["ensemble"].endswith("after trajectories")
    assert reasons["figures"].endswith("code (1 of them); after ensemble")


def no_model():
    raise AssertionError("a model is made")


@pytest.mark.parametrize(
    ("group", "values", "words"),
    [
        ("lattice", {"nx": 501, "ny": 201, "nz": 13}, "1309113 cells"),
        (None, {"engine": "gpu"}, "engine: cpu"),
    ],
)
def test_what_would_take_minutes_is_not_timed(config, group, values, words):
    (config[group] if group else config).update(values)
    costs = StageCosts(config, {}, no_model)
    (line,) = summary.cost_lines(numbered(*replicas(1)), costs, [(2, "on 2 cores")], whole=True)
    assert line.startswith("Cost: not known. ") and words in line
    job = summary.expected(numbered(*replicas(1, causes=("new",))), costs)
    assert [expected.task for expected in job.values()] == [None]


def test_many_reasons_are_counted():
    jobs = numbered(*(Job(f"figures/{n}", causes=(f"reason {n}",)) for n in range(9)))
    (line,) = summary.stage_lines(jobs)
    assert line.count("reason ") == 4 and line.endswith("5 more reasons")


def test_replaced_replicas_are_counted_and_others_are_not():
    jobs = numbered(
        *replicas(3, causes=(HEAT,), finished=True), Job("trajectories/minus/0003", causes=("new",))
    )
    (line,) = summary.replacement_lines(jobs, {"0002"}, lambda names: len(names) / 4, "")
    assert line == f"Replaced: 2 finished replicas (0.5 core-hours): {HEAT}"
    assert summary.replacement_lines(numbered(*replicas(2)), set(), len, "") == []


def test_another_file_is_told_where_it_loses_results():
    finished = numbered(Job("figures/fig1", causes=("code",), finished=True))
    (line,) = summary.replacement_lines(finished, set(), len, "config/mine.yaml")
    assert "another configuration file, config/mine.yaml" in line and "`campaign`" in line
    assert summary.replacement_lines(numbered(Job("figures/fig1")), set(), len, "mine.yaml") == []


def test_the_whole_and_what_is_left_are_two_lines():
    stored = {"interval_ps": 0.05, "blocks": 4, "block_ps": 5.0}
    replica = Estimate(6, 1000, 0.1, 300, 10, **stored)
    costs = SimpleNamespace(of=lambda name: Cost(1800.0, 300, 10), replica=replica)
    jobs = numbered(*replicas(3, runs=False, finished=True), Job("trajectories/minus/0003"))
    begins, whole, left, last = summary.cost_lines(jobs, costs, [(2, "on 2 cores")], True)
    assert whole.startswith("  whole campaign: 4 jobs, 2 core-hours, 1 h")
    assert whole.endswith("600 MB of memory at a time, 40 MB of disk")
    assert left.startswith("  left: 1 jobs, 0.5 core-hours, 30 min")
    assert left.endswith("300 MB of memory at a time, 10 MB of disk")
    assert begins == "Cost, as timed on this machine:" and last == f"  a replica: {replica}"
    only = summary.cost_lines(jobs, costs, [(2, "on 2 cores")], False)
    assert [line[:11] for line in only[1:]] == ["  this run:", "  a replica"]


def test_a_campaign_that_cannot_be_timed_says_why():
    def of(_name):
        raise ConfigError("time.samples_per_block: too long")

    costs = SimpleNamespace(of=of)
    (line,) = summary.cost_lines(numbered(Job("theory")), costs, [(1, "on 1 core")], True)
    assert line == "Cost: not known. time.samples_per_block: too long"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.4, "0 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (179, "2 min 59 s"),
        (3599.9, "1 h"),
        (7300, "2 h 2 min"),
        (86400 * 3 + 3600, "3 d 1 h"),
        (86400 * 40, "40 d"),
    ],
)
def test_durations(seconds, text):
    assert summary.duration(seconds) == text


def test_cores_given_are_counted_and_a_dry_run_without_any_shows_two(monkeypatch):
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(8)), raising=False)
    assert summary.sharing(4, None, dry=True) == [(4, "on 4 cores")]
    assert summary.sharing(1, None, dry=False) == [(1, "on 1 core")]
    assert [n for n, _ in summary.sharing(1, None, dry=True)] == [1, 8]
    assert summary.sharing(1, 200, dry=True) == [(200, "with 200 jobs at a time")]
    assert summary.sharing(1, 2**63 - 1, dry=True) == [(math.inf, "with all jobs at a time")]


def test_every_stage_of_a_campaign_has_a_cost(config):
    costs = StageCosts(config, {"lattice.ny/9": config}, lambda: Model.from_config(config))
    small = costs.of("parameters")
    for name in ("theory", "timestep", "twin", "scan/lattice.ny/9", "ensemble", "balances"):
        found = costs.of(name)
        assert found.core_seconds > small.core_seconds and found.memory_MB > small.memory_MB
    for name in ("preflight-0123", "compiled", "figures/fig3", "tables/summary", "scan"):
        assert 0 < costs.of(name).core_seconds < 10


def test_a_larger_point_of_a_scan_costs_more(config):
    larger = config | {"lattice": config["lattice"] | {"ny": 50}}
    points = {"base": config, "lattice.ny/50": larger}
    costs = StageCosts(config, points, lambda: Model.from_config(config))
    base, long = (costs.of(f"scan/{point}").core_seconds for point in points)
    # ten times the layers, a thousand times the operations
    assert long - 1.5 == pytest.approx(1000 * (base - 1.5), rel=1e-6)


def test_samples_held_are_those_of_the_analysis():
    assert stage_costs.SAMPLES == MOST_SAMPLES
