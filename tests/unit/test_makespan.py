"""How long jobs take together, on cores that they share."""

import math

import pytest

from ferronhall.campaign.makespan import Task, makespan


def test_seven_replicas_on_four_cores_take_two_rounds():
    found = makespan({n: Task(10.0, memory_MB=250) for n in range(7)}, 4)
    assert (found.seconds, found.memory_MB) == (20.0, 1000)


def test_what_waits_for_others_runs_after_them():
    """A chain of 3 s beside a job of 5 s, and one that waits for both."""
    tasks = {0: Task(1.0), 1: Task(2.0, after=(0,)), 2: Task(5.0), 3: Task(4.0, after=(1, 2))}
    assert makespan(tasks, 2).seconds == 9.0
    assert makespan(tasks, 1).seconds == 12.0


def test_what_is_there_already_is_not_waited_for():
    assert makespan({1: Task(2.0, after=(0,))}, 1).seconds == 2.0


def test_threads_share_the_work_of_a_job_as_far_as_there_are_cores():
    assert makespan({0: Task(8.0, threads=2)}, 4).seconds == 4.0
    assert makespan({0: Task(8.0, threads=2)}, 1).seconds == 8.0
    # two of two threads do not fit beside one another
    assert makespan({n: Task(8.0, threads=2) for n in range(2)}, 3).seconds == 8.0


def test_without_a_limit_the_longest_chain_remains():
    tasks = {n: Task(float(n), after=(0,)) for n in range(1, 200)} | {0: Task(1.0)}
    assert makespan(tasks, math.inf).seconds == 200.0


def test_nothing_takes_no_time():
    assert makespan({}, 2).seconds == 0.0


@pytest.mark.parametrize("cores", [1, 2, 5])
def test_any_order_lies_between_the_bounds_of_list_scheduling(rng, cores):
    """R. L. Graham, SIAM J. Appl. Math. 17, 416 (1969): at most work/cores + longest chain."""
    for _ in range(20):
        seconds = rng.exponential(size=40)
        after = [tuple(rng.choice(n, size=min(n, 2), replace=False)) for n in range(40)]
        tasks = {n: Task(seconds[n], after=after[n]) for n in range(40)}
        chain = []
        for n in range(40):
            chain.append(seconds[n] + max((chain[a] for a in after[n]), default=0.0))
        found = makespan(tasks, cores).seconds
        assert max(seconds.sum() / cores, max(chain)) <= found * (1 + 1e-12)
        assert found <= seconds.sum() / cores + max(chain)
