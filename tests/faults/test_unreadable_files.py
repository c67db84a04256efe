"""Only a truncated or foreign file is to be deleted; permission and locks are told from those."""

import errno
import fcntl
import os
import subprocess
import sys
from contextlib import contextmanager

import numpy as np
import pytest
import xarray as xr

from ferronhall.base import netcdf_faults, storage
from ferronhall.base.errors import DataFileError

DELETE = "delete it"


@pytest.fixture
def path(tmp_path):
    """A sound file."""
    path = tmp_path / "a.nc"
    storage.write(xr.Dataset({"a": ("x", np.arange(5000.0))}), path)
    return path


def refusal(path, *variables):
    """The message with which a file is refused; the file stays as it is."""
    content = path.read_bytes() if path.is_file() else None
    with pytest.raises(DataFileError) as refused:
        storage.read(path, variables)
    if content is not None:
        assert path.read_bytes() == content
    return str(refused.value)


@pytest.mark.parametrize("size", [0, 5, 30, 100, 3000, -1])
def test_truncated(path, size):
    path.write_bytes(path.read_bytes()[:size])
    message = refusal(path)
    assert message.startswith(f"{path}: not a readable NetCDF file (truncated")
    assert DELETE in message


@pytest.mark.parametrize("content", [b"<html>404</html>", b"\0" * 5000, b"version https://git-lfs"])
def test_foreign(path, content):
    path.write_bytes(content)
    assert f"begins with {content[:8]!r}" in refusal(path) and DELETE in refusal(path)


@pytest.mark.parametrize("options", [{"libver": "earliest"}, {"libver": "latest"}])
def test_the_length_that_a_superblock_tells(tmp_path, options):
    h5py = pytest.importorskip("h5py")
    path = tmp_path / "h5.nc"
    with h5py.File(path, "w", **options) as file:
        file["a"] = np.arange(1000.0)
    with open(path, "rb") as stream:
        assert netcdf_faults._hdf5_size(stream.read(64)) == path.stat().st_size


def test_damaged_inside(path):
    content = bytearray(path.read_bytes())
    content[48:4000] = bytes(4000 - 48)
    path.write_bytes(content)
    message = refusal(path)
    assert "full length" in message and "move it" in message and DELETE not in message


@contextmanager
def locked(path):
    """While inside, another process holds the lock that HDF5 takes for writing."""
    code = (
        "import fcntl, sys; f = open(sys.argv[1], 'r+b'); fcntl.flock(f, fcntl.LOCK_EX);"
        "print('locked', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, **pipes) as process:
        process.stdout.readline()
        try:
            yield
        finally:
            process.stdin.close()


READ = "import sys; from ferronhall.base import storage; storage.read(sys.argv[1])"
READ_IN_JOB = """
import sys
from types import SimpleNamespace
from ferronhall.base.script import job
with job(SimpleNamespace(threads=1, log=[sys.argv[2]], params={}, resources={})):
    from ferronhall.base import storage
    storage.read(sys.argv[1])
"""


def run(code, *arguments):
    variables = os.environ | {"HDF5_USE_FILE_LOCKING": "TRUE"}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, env=variables, capture_output=True, text=True)


def test_a_lock_is_told_and_stops_no_job(path, tmp_path):
    with locked(path):
        outside = run(READ, path)
        inside = run(READ_IN_JOB, path, tmp_path / "log")
    assert "another program holds a lock on it" in outside.stderr and DELETE not in outside.stderr
    assert inside.returncode == 0, inside.stderr


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP])
def test_a_file_system_without_locks(path, monkeypatch, code):
    def refuse(*_args):
        raise OSError(code, os.strerror(code))

    monkeypatch.delenv("HDF5_USE_FILE_LOCKING", raising=False)
    monkeypatch.setattr(fcntl, "flock", refuse)
    message = netcdf_faults.fault(path, OSError(-101, "NetCDF: HDF error"))
    for part in ("has no locks", os.strerror(code), "HDF5_USE_FILE_LOCKING=FALSE", "keep it"):
        assert part in message
    assert DELETE not in message


@pytest.mark.parametrize("code", [errno.EACCES, errno.EPERM, errno.EIO, errno.ESTALE])
def test_a_file_system_that_refuses(path, monkeypatch, code):
    def refuse(*_args, **_options):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(xr, "open_dataset", refuse)
    monkeypatch.setattr("builtins.open", refuse)
    with pytest.raises(DataFileError) as refused:
        storage.read(path)
    message = str(refused.value)
    assert os.strerror(code) in message and "keep it" in message and DELETE not in message
    assert ("chmod" in message) is (code in (errno.EACCES, errno.EPERM))


READ_AS_NOBODY = """
import os, sys
import netCDF4, xarray.backends.netCDF4_
from ferronhall.base import storage
if os.geteuid() == 0:
    os.setuid(65534)
storage.read(sys.argv[1])
"""


def test_a_file_the_user_may_not_read(path):
    path.chmod(0)
    done = run(READ_AS_NOBODY, path)
    assert "this user may not read it (Permission denied)" in done.stderr
    assert "chmod" in done.stderr and DELETE not in done.stderr


def test_a_folder(tmp_path):
    (tmp_path / "folder.nc").mkdir()
    assert "it is a folder; give a regular file" in refusal(tmp_path / "folder.nc")


def test_a_missing_variable(path):
    assert storage.read(path, ["a"])["a"].size == 5000
    message = refusal(path, "a", "b", "c")
    assert "without b, c" in message and DELETE not in message
