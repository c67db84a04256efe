"""A disk that fills up and folders that cannot be written: one message, nothing damaged."""

import errno
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from ferronhall.base import storage
from ferronhall.base.errors import DataFileError, TrajectoryInterruptedError
from ferronhall.base.process import Process

REFUSALS = [
    (os, "replace", PermissionError(errno.EACCES, "Permission denied")),
    (os, "replace", OSError(errno.EROFS, "Read-only file system")),
    (os, "fsync", OSError(errno.ENOSPC, "No space left on device")),
    (Path, "touch", PermissionError(errno.EACCES, "Permission denied")),
    (Path, "touch", OSError(errno.EROFS, "Read-only file system")),
]


def _refuse(monkeypatch, module, name, error):
    def refusing(*_args, **_options):
        raise error

    monkeypatch.setattr(module, name, refusing)


def _warnings(job):
    return [line for line in job.lines if line.startswith("warning")]


def test_a_replica_outlives_a_full_disk_with_one_warning(job, full_disk):
    job.interrupt()
    sound = job.checkpoint.read_bytes()
    with full_disk(1000):
        result = job.run()
    assert len(_warnings(job)) == 1
    for part in ("replica 0000 goes on", str(job.checkpoint), "cannot be written"):
        assert part in _warnings(job)[0]
    assert [p.name for p in job.checkpoint.parent.iterdir()] == ["0000.ckpt"]
    assert job.checkpoint.read_bytes() == sound
    assert result.identical(job.run(kept=False))


@pytest.mark.parametrize(("module", "name", "error"), REFUSALS)
def test_a_replica_outlives_an_unwritable_folder(job, monkeypatch, module, name, error):
    with monkeypatch.context() as broken:
        _refuse(broken, module, name, error)
        result = job.run(finish=True)
    assert len(_warnings(job)) == 1 and error.strerror in _warnings(job)[0]
    assert not list(job.checkpoint.parent.glob("*"))
    assert result.identical(job.run(kept=False))


def test_a_stop_without_a_checkpoint_does_not_promise_one(job, monkeypatch):
    job.config["checkpoint"]["wall_limit_minutes"] = 1e-9
    _refuse(monkeypatch, *REFUSALS[-1])
    with pytest.raises(TrajectoryInterruptedError, match="could not be written"):
        job.run()


@pytest.mark.parametrize(("module", "name", "error"), REFUSALS)
def test_a_result_that_cannot_be_written_is_an_error(tmp_path, monkeypatch, module, name, error):
    path = tmp_path / "a.nc"
    storage.write(xr.Dataset({"a": 1.0}), path)
    with monkeypatch.context() as broken:
        _refuse(broken, module, name, error)
        with pytest.raises(DataFileError) as refused:
            storage.write(xr.Dataset({"a": 2.0}), path)
    for part in (str(path), error.strerror, "finished results are kept"):
        assert part in str(refused.value)
    assert float(storage.read(path)["a"]) == 1.0
    assert [p.name for p in tmp_path.iterdir()] == ["a.nc"]


@pytest.mark.parametrize("size", [0, 100, 3000, 100_000])
def test_a_result_on_a_full_disk_is_an_error(tmp_path, full_disk, size):
    path = tmp_path / "a.nc"
    storage.write(xr.Dataset({"a": 1.0}), path)
    big = xr.Dataset({"a": ("x", np.arange(50_000.0))})
    with full_disk(size), pytest.raises(DataFileError, match="cannot be written"):
        storage.write(big, path)
    assert float(storage.read(path)["a"]) == 1.0
    assert [p.name for p in tmp_path.iterdir()] == ["a.nc"]


def test_what_a_killed_writer_left_is_cleared_and_a_living_ones_stays(tmp_path):
    living = Process.this()
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    dead = replace(living, number=ended.pid, started=1)
    elsewhere, long_ago = (replace(living, machine=name) for name in ("0123abcd", "4567cdef"))
    files = [tmp_path / f".a.nc.{p.label}.0f" for p in (dead, living, elsewhere, long_ago)]
    files.append(tmp_path / f".b.nc.{dead.label}.0f")
    for file in files:
        file.write_bytes(b"half")
    os.utime(files[3], (time.time() - 90_000,) * 2)
    storage.write(xr.Dataset({"a": 1.0}), tmp_path / "a.nc")
    kept = {"a.nc", files[1].name, files[2].name, files[4].name}
    assert {p.name for p in tmp_path.iterdir()} == kept


def test_writers_of_one_file_leave_each_other_alone(tmp_path):
    with storage.replacing(tmp_path / "a") as first:
        first.write_text("first")
        with storage.replacing(tmp_path / "a") as second:
            second.write_text("second")
        assert (tmp_path / "a").read_text() == "second"
    assert (tmp_path / "a").read_text() == "first"
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize(("umask", "mode"), [(0o077, 0o600), (0o002, 0o664), (0o022, 0o644)])
def test_a_file_has_the_permissions_its_user_gives_to_new_files(tmp_path, umask, mode):
    before = os.umask(umask)
    try:
        storage.write(xr.Dataset({"a": 1.0}), tmp_path / "a.nc")
        with storage.replacing(tmp_path / "a.csv") as temporary:
            temporary.write_text("1")
    finally:
        os.umask(before)
    assert {p.stat().st_mode & 0o777 for p in tmp_path.iterdir()} == {mode}
