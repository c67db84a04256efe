"""Replicas that write checkpoints often, and ways to break a disk."""

import os
import resource
from contextlib import contextmanager

import pytest
import xarray as xr

from ferronhall.base.errors import TrajectoryInterruptedError
from ferronhall.engine import run
from ferronhall.engine.keeper import Keeper
from ferronhall.engine.trajectory import run_replica
from ferronhall.model.model import Model


class Job:
    """One replica with its checkpoint, run again and again under changing circumstances."""

    def __init__(self, config, folder):
        self.config, self.lines = config, []
        self.checkpoint = folder / "0000.ckpt"
        self.final = folder / "0000.final.ckpt"

    def run(self, digest="digest", replica=0, kept=True, finish=False, code="code", accept=False):
        """Run to the end or to the error that stops it; returns the trajectories, side by side."""
        settings = self.config["checkpoint"]
        keeper = Keeper(self.checkpoint, settings, digest, code, accept) if kept else None
        self.keeper = keeper
        model = Model.from_config(self.config)
        log = self.lines.append
        result = run_replica(model, self.config, replica, "digest", log, keeper)
        if finish:
            keeper.finish()
        # the attributes tell the fields apart
        return xr.concat(result.values(), "field", combine_attrs="drop_conflicts")

    def interrupt(self):
        """Leave the checkpoint of an unfinished replica."""
        self.config["checkpoint"]["wall_limit_minutes"] = 1e-9
        with pytest.raises(TrajectoryInterruptedError, match="wall_limit_minutes"):
            self.run()
        self.config["checkpoint"]["wall_limit_minutes"] = 0


@pytest.fixture
def unflushed(monkeypatch):
    """Files without a flush to disk, which only a power cut needs: thousands of them take minutes
    or, on a slow disk, hours."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.fixture
def job(config, tmp_path, monkeypatch, unflushed):
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
