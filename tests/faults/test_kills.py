"""A campaign whose replicas are killed at random moments ends as if nothing had happened.

Children are forked from this process, so that each starts at once with everything imported and
compiled, and most of its life is spent on substeps and on writing checkpoints.
"""

import faulthandler
import os
import random
import signal
import threading
import time
import traceback

import pytest
from tqdm import tqdm

from ferronhall.analysis.ensemble import ensemble_dataset
from ferronhall.base import storage
from ferronhall.engine import run
from ferronhall.engine.keeper import Keeper
from ferronhall.engine.trajectory import run_replica
from ferronhall.model.members import FIELD_SIGNS
from ferronhall.model.model import Model

KILLS = 54
REPLICAS = 2
LONGEST_LIFE_S = 0.1
HANGING_S = 300


@pytest.fixture
def campaign(config, monkeypatch, unflushed):
    """Model and configuration of runs that write a checkpoint at every look at the state."""
    monkeypatch.setattr(run, "_STRETCH_S", 0.002)
    config["time"] |= {"t_max_ps": 60.0, "t_equil_ps": 20.0, "samples_per_block": 500}
    config["ensemble"] |= {"replicas": REPLICAS, "precision": "float32"}
    config["checkpoint"]["every_minutes"] = 1e-9
    return Model.from_config(config), config


def _results(folder):
    names = [f"{replica:04d}.nc" for replica in range(REPLICAS)]
    return {field: [folder / field / name for name in names] for field in FIELD_SIGNS}


def _make(campaign, folder, replica, log):
    """What a replica's job does."""
    model, config = campaign
    checkpoint = folder / "checkpoints" / f"{replica:04d}.ckpt"
    keeper = Keeper(checkpoint, config["checkpoint"], "digest")
    with keeper.alone(log):
        trajectories = run_replica(model, config, replica, "digest", log, keeper)
        for field, trajectory in trajectories.items():
            storage.write(trajectory, _results(folder)[field][replica])
        keeper.finish()


def _start(campaign, folder, replica, log_path):
    """Fork a child that runs one replica; returns its process id once it is on its way."""
    ready, ready_in_child = os.pipe()
    child = os.fork()
    if child:
        os.close(ready_in_child)
        os.read(ready, 1)
        os.close(ready)
        return child
    status = 1
    try:
        with open(log_path, "a", buffering=1) as stream:
            # a child that hangs says where, and dies
            faulthandler.register(signal.SIGALRM, file=stream, chain=True)
            signal.alarm(HANGING_S)
            # a killed child may hold tqdm's own lock, which all forked processes share
            tqdm.set_lock(threading.RLock())

            def log(line):
                stream.write(f"{line}\n")
                os.write(ready_in_child, b".")

            try:
                _make(campaign, folder, replica, log)
                status = 0
            except BaseException:
                traceback.print_exc(file=stream)
    finally:
        # without the test session's own clean-up, which belongs to the parent
        os._exit(status)


def _end(child):
    """Wait for a child; True when it was killed."""
    status = os.waitpid(child, 0)[1]
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def test_killed_replicas_end_bit_for_bit_as_uninterrupted_ones(campaign, tmp_path):
    moments = random.Random(3)
    whole, broken = _results(tmp_path / "whole"), _results(tmp_path / "broken")
    for replica in range(REPLICAS):
        _make(campaign, tmp_path / "whole", replica, log=lambda line: None)

    log = tmp_path / "log"
    kills = 0
    for n in range(4 * KILLS):
        replica = n % REPLICAS
        if kills == KILLS:
            break
        child = _start(campaign, tmp_path / "broken", replica, log)
        time.sleep(moments.uniform(0, LONGEST_LIFE_S))
        os.kill(child, signal.SIGKILL)
        kills += _end(child)
        # files are there whole or not at all
        for files in broken.values():
            if files[replica].exists():
                storage.read(files[replica])
    assert kills >= 50, log.read_text()
    assert "goes on from" in log.read_text()
    for replica in range(REPLICAS):
        assert not _end(_start(campaign, tmp_path / "broken", replica, log)), log.read_text()
    left = sorted(p.name for p in (tmp_path / "broken").rglob("*") if p.is_file())
    assert left == sorted(
        f"{r:04d}{s}" for r in range(REPLICAS) for s in (".final.ckpt", *3 * [".nc"])
    )

    for field in FIELD_SIGNS:
        for one, other in zip(whole[field], broken[field], strict=True):
            assert storage.read(one).identical(storage.read(other))
    assert ensemble_dataset(*campaign, whole).identical(ensemble_dataset(*campaign, broken))
