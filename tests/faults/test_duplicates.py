"""One replica in two processes: the second stops, whoever died holds nothing."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, replace

import pytest

from ferronhall.base.errors import TrajectoryInterruptedError
from ferronhall.base.process import Process
from ferronhall.engine import replica_lock
from ferronhall.engine.keeper import Keeper
from ferronhall.engine.replica_lock import ReplicaLock

HOLD = """
import sys
from ferronhall.engine.replica_lock import ReplicaLock
with ReplicaLock(sys.argv[1], "replica 0000", print):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def lines():
    """What was logged."""
    return []


@pytest.fixture
def lock(tmp_path, lines):
    """Makes a lock of the same replica."""
    return lambda: ReplicaLock(tmp_path / "0000.lock", "replica 0000", lines.append)


@pytest.fixture
def holder(tmp_path):
    """Another process that runs the replica."""
    command = [sys.executable, "-c", HOLD, str(tmp_path / "0000.lock")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def elsewhere(path, **changes):
    """Leave the lock of a process on another machine; returns it."""
    owner = replace(Process.this(), host="node17", machine="0123abcd", number=4711)
    path.write_text(json.dumps(asdict(owner) | {"token": "0"} | changes))
    return owner


def test_the_second_copy_stops(tmp_path, lock, holder):
    content = (tmp_path / "0000.lock").read_bytes()
    with pytest.raises(TrajectoryInterruptedError) as stopped, lock():
        pass
    for part in ("replica 0000", f"process {holder.pid} on ", "second copy", "run again"):
        assert part in str(stopped.value)
    assert (tmp_path / "0000.lock").read_bytes() == content
    holder.communicate("")
    with lock():
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_killed_owner_holds_nothing(tmp_path, lock, lines, holder):
    holder.kill()
    holder.wait()
    assert (tmp_path / "0000.lock").exists()
    with lock() as taken:
        taken.require()
    assert f"takes over from process {holder.pid}" in lines[0]
    assert list(tmp_path.iterdir()) == []


def test_a_reused_process_number_holds_nothing(tmp_path, lock):
    earlier = replace(Process.this(), started=1)
    (tmp_path / "0000.lock").write_text(json.dumps(asdict(earlier)))
    with lock() as taken:
        taken.require()


def test_an_owner_on_another_machine_that_gives_signs_of_life(tmp_path, lock, lines, monkeypatch):
    elsewhere(tmp_path / "0000.lock")
    sleep, beats = time.sleep, iter(range(1, 100))

    def beating(seconds):
        sleep(0)
        os.utime(tmp_path / "0000.lock", ns=(0, time.time_ns() + next(beats)))

    monkeypatch.setattr(time, "sleep", beating)
    with pytest.raises(TrajectoryInterruptedError, match="process 4711 on node17"), lock():
        pass
    assert "process 4711 on node17 has left a lock" in lines[0]
    assert "node17" in (tmp_path / "0000.lock").read_text()


@pytest.mark.parametrize("content", [None, "", "{}", '{"number": "x"}', "[1]", "\0" * 40])
def test_an_owner_elsewhere_without_a_sign_of_life(tmp_path, lock, lines, monkeypatch, content):
    """Also one that was killed before it could write its name."""
    monkeypatch.setattr(replica_lock, "_PATIENCE_S", 0.02)
    elsewhere(tmp_path / "0000.lock")
    if content is not None:
        (tmp_path / "0000.lock").write_text(content)
    with lock() as taken:
        taken.require()
    assert "counts as dead after" in lines[0] and "takes over" in lines[1]


def test_an_old_lock_is_not_watched(tmp_path, lock, lines, monkeypatch):
    elsewhere(tmp_path / "0000.lock")
    os.utime(tmp_path / "0000.lock", (time.time() - 4000,) * 2)
    monkeypatch.setattr(time, "sleep", None)
    with lock():
        pass
    assert len(lines) == 1


def test_an_owner_gives_signs_of_life(tmp_path, lock, monkeypatch):
    monkeypatch.setattr(replica_lock, "_BEAT_S", 0.005)
    path = tmp_path / "0000.lock"
    with lock():
        os.utime(path, (1, 1))
        for _ in range(1000):
            time.sleep(0.005)
            if path.stat().st_mtime > 2:
                break
        assert path.stat().st_mtime > 2


def test_a_suspended_owner_that_was_taken_over_stops(tmp_path, lock):
    with lock() as first:
        (tmp_path / "0000.lock").unlink()
        elsewhere(tmp_path / "0000.lock")
        with pytest.raises(TrajectoryInterruptedError, match="taken over by process 4711"):
            first.require()
    # and leaves the other's lock
    assert "node17" in (tmp_path / "0000.lock").read_text()


def test_a_lock_that_was_deleted_is_made_again(tmp_path, lock):
    with lock() as held:
        (tmp_path / "0000.lock").unlink()
        held.require()
        assert (tmp_path / "0000.lock").exists()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_takes_no_lock_costs_a_warning(tmp_path, lines):
    (tmp_path / "file").write_text("")
    with ReplicaLock(tmp_path / "file" / "0000.lock", "replica 0000", lines.append) as none:
        none.require()
    assert len(lines) == 1 and lines[0].startswith("warning: replica 0000 goes on")


def test_a_replica_that_was_taken_over_writes_nothing(job):
    """Neither a checkpoint nor, for it stops before, results."""
    keeper = Keeper(job.checkpoint, job.config["checkpoint"], "digest")
    with keeper.alone(job.lines.append):
        path = job.checkpoint.with_suffix(".lock")
        path.unlink()
        elsewhere(path)
        for act in (keeper.visit, keeper.save):
            with pytest.raises(TrajectoryInterruptedError, match="taken over"):
                act(None)
    assert not job.checkpoint.exists()


def test_a_replica_runs_once_it_is_alone(job, holder, tmp_path):
    job.checkpoint = tmp_path / "0000.ckpt"
    keeper = Keeper(job.checkpoint, job.config["checkpoint"], "digest")
    with pytest.raises(TrajectoryInterruptedError, match="already runs"):
        with keeper.alone(job.lines.append):
            pass
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with keeper.alone(job.lines.append):
        assert job.checkpoint.with_suffix(".lock").exists()
    assert list(tmp_path.iterdir()) == []
