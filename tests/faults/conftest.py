"""Trajectories that write checkpoints often, and ways to break a disk."""

import resource
from contextlib import contextmanager

import pytest

from ferronhall import run
from ferronhall.errors import TrajectoryInterruptedError
from ferronhall.keeper import Keeper
from ferronhall.parameters import parameters_dataset
from ferronhall.trajectory import run_trajectory


class Job:
    """One trajectory with its checkpoint, run again and again under changing circumstances."""

    def __init__(self, config, folder):
        self.config, self.lines, self.route = config, [], "blocks"
        self.checkpoint = folder / "plus" / "0000.ckpt"
        self.final = folder / "plus" / "0000.final.ckpt"

    def run(self, digest="digest", field="plus", replica=0, kept=True, finish=False):
        """Run to the end or to the error that stops it; returns the result."""
        keeper = Keeper(self.checkpoint, self.config["checkpoint"], digest) if kept else None
        # the stage picks the route by timing it, which must not decide a test
        parameters = parameters_dataset(self.config).assign_attrs(route=self.route)
        place = (field, replica, "digest")
        result = run_trajectory(parameters, self.config, *place, self.lines.append, keeper)
        if finish:
            keeper.finish()
        return result

    def interrupt(self):
        """Leave the checkpoint of an unfinished trajectory."""
        self.config["checkpoint"]["wall_limit_minutes"] = 1e-9
        with pytest.raises(TrajectoryInterruptedError, match="wall_limit_minutes"):
            self.run()
        self.config["checkpoint"]["wall_limit_minutes"] = 0


@pytest.fixture
def job(config, tmp_path, monkeypatch):
    """A Job that looks at its state, and may write a checkpoint, every few substeps."""
    monkeypatch.setattr(run, "_STRETCH_S", 1e-3)
    config["checkpoint"]["every_minutes"] = 1e-9
    return Job(config, tmp_path / "checkpoints")


@pytest.fixture
def full_disk():
    """A context in which no file grows beyond some bytes, as on a full disk."""

    @contextmanager
    def limit(size):
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    return limit
