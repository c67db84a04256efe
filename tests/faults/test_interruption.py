"""Replicas that are told to stop, and replicas that are made longer, lose nothing."""

import os
import signal

import pytest

from ferronhall.base.errors import TrajectoryInterruptedError
from ferronhall.engine import run
from ferronhall.engine.propagator import Propagator

STOPS = ["SIGTERM", "SIGINT"]


def _stop_at(job, monkeypatch, step, name):
    """Run a job and send this process a signal in the stretch that reaches `step`."""
    propagate = Propagator.run

    def signalled(self, *args):
        before = self.step
        samples = propagate(self, *args)
        if before < step <= self.step:
            os.kill(os.getpid(), signal.Signals[name])
        return samples

    with monkeypatch.context() as patched:
        patched.setattr(Propagator, "run", signalled)
        return job.run()


@pytest.mark.parametrize("name", STOPS)
@pytest.mark.parametrize("step", [1, 395, 500, 790])
def test_a_signal_leaves_a_checkpoint_that_resumes(job, monkeypatch, name, step):
    monkeypatch.setattr(run, "_STRETCH_S", 1e-5)
    handlers = [signal.getsignal(signal.Signals[n]) for n in STOPS]
    with pytest.raises(TrajectoryInterruptedError) as stopped:
        _stop_at(job, monkeypatch, step, name)
    for part in ("replica 0000", name, "next run goes on", str(job.checkpoint)):
        assert part in str(stopped.value)
    assert [signal.getsignal(signal.Signals[n]) for n in STOPS] == handlers
    resumed = job.run()
    assert f"replica 0000: goes on from {job.checkpoint}" in job.lines
    assert resumed.identical(job.run(kept=False))


@pytest.fixture
def interruptible():
    """SIGINT as Python takes it; a shell starts its background jobs with it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_without_a_keeper_signals_keep_their_meaning(job, monkeypatch, interruptible):
    with pytest.raises(KeyboardInterrupt):
        monkeypatch.setattr(job, "run", lambda run=job.run: run(kept=False))
        _stop_at(job, monkeypatch, 1, "SIGINT")


def test_a_wall_time_limit_stops_and_every_run_gets_further(job):
    whole = job.run(kept=False)
    job.config["checkpoint"] |= {"every_minutes": 1000.0, "wall_limit_minutes": 1e-9}
    runs = 0
    resumed = None
    while resumed is None:
        runs += 1
        try:
            resumed = job.run()
        except TrajectoryInterruptedError as stopped:
            assert "checkpoint.wall_limit_minutes = 1e-09" in str(stopped)
    assert runs > 2
    for name in whole.data_vars:
        assert resumed[name].identical(whole[name])


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("end", [2.0, 2.1, 2.25])
def test_a_longer_t_max_goes_on_from_the_final_state(job, precision, end):
    """Also from ends inside a block, which is not run until it fits."""
    job.config["ensemble"]["precision"] = precision
    job.config["time"]["t_max_ps"] = end
    assert job.run(finish=True).sizes["block"] == round((end - 1) / 0.25 - 0.499)
    assert job.final.exists() and not job.checkpoint.exists()
    job.config["time"]["t_max_ps"] = 3.5
    longer = job.run(finish=True)
    assert f"replica 0000: goes on from {job.final}" in job.lines
    assert longer.sizes["block"] == 10 and longer.identical(job.run(kept=False))


def test_an_interrupted_extension_goes_on_from_where_it_was(job):
    job.run(finish=True)
    job.config["time"]["t_max_ps"] = 3.0
    job.interrupt()
    assert job.checkpoint.exists() and job.final.exists()
    longer = job.run(finish=True)
    assert f"replica 0000: goes on from {job.checkpoint}" in job.lines
    assert not job.checkpoint.exists() and longer.identical(job.run(kept=False))


def test_a_shorter_t_max_takes_the_first_blocks_and_keeps_the_state(job):
    job.run(finish=True)
    final = job.final.read_bytes()
    job.config["time"]["t_max_ps"] = 1.5
    assert job.run(finish=True).identical(job.run(kept=False))
    assert job.final.read_bytes() == final


def test_a_result_lost_before_it_was_written_costs_no_substep(job, monkeypatch):
    whole = job.run()
    monkeypatch.setattr(Propagator, "run", None)
    assert job.run(finish=True).identical(whole)


def test_nothing_is_kept_when_keep_final_is_off(job):
    job.run(finish=True)
    job.config["checkpoint"]["keep_final"] = False
    job.run(finish=True)
    assert list(job.checkpoint.parent.iterdir()) == []
