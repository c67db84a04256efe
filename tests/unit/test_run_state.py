"""How far a run is: counts, core-hours and the time left, by a clock that the test sets."""

import pytest

from ferronhall.campaign import summary
from ferronhall.campaign.makespan import Task
from ferronhall.campaign.plan import Job
from ferronhall.campaign.run_state import Expected, RunState
from ferronhall.campaign.stage_costs import Cost
from tests.unit.test_summary import numbered, replicas


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def trajectories(count):
    names = [f"trajectories/minus/{n:04d}" for n in range(count)]
    jobs = {name: Expected("trajectories", Task(3600.0)) for name in names}
    ensemble = Expected("ensemble", Task(60.0, after=tuple(names)))
    return jobs | {"ensemble": ensemble}


def file(replica):
    return f"results/mine/trajectories/minus/{replica:04d}.nc"


def test_a_stage_is_one_line(clock):
    state = RunState("mine", trajectories(4), 2, clock=clock)
    assert state.line("trajectories").split(maxsplit=1)[1] == "4 left"
    first = state.start(file(0))
    state.start(file(1))
    clock.now = 1800.0
    assert first == "trajectories/minus/0000"
    assert state.line("trajectories").endswith(" 2 running, 2 left, 1 core-hours")
    assert state.running() == ["trajectories"]
    assert state.end(first) == "trajectories"
    assert state.line("trajectories").endswith(" 1 done, 1 running, 2 left, 1 core-hours")
    assert not state.finished("trajectories")


def test_threads_count(clock):
    state = RunState("mine", trajectories(1), 4, clock=clock)
    state.start(file(0), threads=4)
    clock.now = 900.0
    assert state.line("trajectories").endswith("1 running, 1 core-hours")


def test_the_time_left_is_that_of_the_jobs_that_are(clock):
    state = RunState("mine", trajectories(3), 2, clock=clock)
    # two rounds of an hour on two cores, and a minute
    assert state.seconds_left() == pytest.approx(2 * 3600 + 60)
    for replica in (0, 1):
        state.start(file(replica))
    clock.now = 1200.0
    assert state.seconds_left() == pytest.approx(2400 + 3600 + 60)
    assert "1 h 41 min left" in state.total()


def test_finished_jobs_tell_how_long_the_others_take(clock):
    state = RunState("mine", trajectories(2), 1, clock=clock)
    name = state.start(file(0))
    clock.now = 7200.0
    state.end(name)
    assert state.seconds_left() == pytest.approx(7200 + 60)


def test_a_job_that_takes_longer_than_expected_is_near_its_end(clock):
    state = RunState("mine", trajectories(1), 1, clock=clock)
    state.start(file(0))
    clock.now = 9999.0
    assert state.seconds_left() == pytest.approx(0.02 * 3600 + 60)


def test_a_job_that_says_how_far_it_is_is_believed(clock):
    state = RunState("mine", trajectories(1), 1, clock=clock)
    name = state.start(file(0))
    clock.now = 6000.0
    state.advance(name, 0.25)
    assert state.line("trajectories").endswith("1 running (at 25 %), 1.7 core-hours")
    assert state.seconds_left() == pytest.approx(18000 + 60)
    # until it says more the time goes by
    clock.now = 7000.0
    assert state.seconds_left() == pytest.approx(17000 + 60)
    state.end(name)
    assert " %" not in state.line("trajectories")


def test_a_job_that_failed_is_left(clock):
    state = RunState("mine", trajectories(2), 1, clock=clock)
    state.end(state.start(file(1)), done=False)
    assert state.line("trajectories").endswith("2 left")
    assert state.seconds_left() == pytest.approx(7200 + 60)


def test_what_the_run_has_not_planned_is_not_counted(clock):
    state = RunState("mine", trajectories(1), 1, clock=clock)
    assert state.start("results/other/ensemble.nc") is None
    assert state.start("") is None
    assert state.total().startswith("0 of 2 jobs")


def test_without_costs_there_is_no_time_left(clock):
    state = RunState("mine", {"theory": Expected("theory")}, 1, clock=clock)
    assert state.seconds_left() is None
    assert state.total() == "0 of 1 jobs"


def test_of_a_scheduler_only_what_is_known_is_told(clock):
    state = RunState("mine", trajectories(2), 100, submitted=True, clock=clock)
    state.start(file(0))
    clock.now = 7200.0
    assert state.line("trajectories").endswith(" 1 submitted, 1 left")
    assert state.seconds_left() is None
    assert state.total() == "0 of 3 jobs"


def test_only_jobs_that_run_are_expected():
    class Costs:
        def of(self, name):
            return Cost(10.0, 1.0, 1.0)

    done, first = replicas(2)
    jobs = numbered(
        Job(done.name, runs=False), first, Job("ensemble", threads=2, after=(0, 1), runs=True)
    )
    found = summary.expected(jobs, Costs())
    assert list(found) == [first.name, "ensemble"]
    assert found["ensemble"].task.after == (first.name,)
    assert found["ensemble"].task.threads == 2
