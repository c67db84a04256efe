"""Damaged, missing and unwritable files: one message, nothing half-written, old results kept."""

import errno

import pytest
import xarray as xr

from ferronhall.base import storage
from ferronhall.base.errors import DataFileError


def test_a_written_dataset_is_read_back(tmp_path):
    path = tmp_path / "new" / "folder" / "a.nc"
    storage.write(xr.Dataset({"a": ("x", [1.0, 2.0])}, attrs={"note": "ħ"}), path)
    found = storage.read(path)
    assert found["a"].values.tolist() == [1.0, 2.0] and found.attrs["note"] == "ħ"
    assert [p.name for p in path.parent.iterdir()] == ["a.nc"]


def test_missing_and_truncated_files_are_named(tmp_path):
    path = tmp_path / "a.nc"
    with pytest.raises(DataFileError, match=r"a\.nc: no such file"):
        storage.read(path)
    storage.write(xr.Dataset({"a": ("x", list(range(10000)))}), path)
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(DataFileError, match=r"a\.nc: not a readable NetCDF.*delete it"):
        storage.read(path)


def test_a_full_disk_keeps_the_old_file_and_leaves_no_other(tmp_path, monkeypatch):
    path = tmp_path / "a.nc"
    storage.write(xr.Dataset({"a": 1.0}), path)

    def refuse(*_args, **_options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(xr.Dataset, "to_netcdf", refuse)
    with pytest.raises(DataFileError, match=r"No space left.*finished results are kept"):
        storage.write(xr.Dataset({"a": 2.0}), path)
    monkeypatch.undo()
    assert float(storage.read(path)["a"]) == 1.0
    assert [p.name for p in tmp_path.iterdir()] == ["a.nc"]
