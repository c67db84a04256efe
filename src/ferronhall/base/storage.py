"""Files on disk, written under a temporary name and renamed: none is ever half there."""

import glob
import os
import secrets
import shutil
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from ferronhall.base.errors import DataFileError
from ferronhall.base.netcdf_faults import fault
from ferronhall.base.process import Process
from ferronhall.base.regular_file import require_regular

_ABANDONED_S = 86400.0
"""Age at which a temporary file of another machine counts as left behind: writing one takes seconds
to minutes."""


@contextmanager
def replacing(path):
    """Yield a temporary path beside `path`; on success flush it to disk and rename it to `path`."""
    path = Path(path)
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path)
        label = f"{Process.this().label}.{secrets.token_hex(4)}"
        temporary = path.with_name(f".{path.name}.{label}")
        # unlike tempfile's, of the permissions that umask and folder give to any new file
        temporary.touch(exist_ok=False)
        yield temporary
        with open(temporary, "rb+") as stream:
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except OSError as error:
        raise DataFileError(
            f"{path}: cannot be written ({error.strerror or error}); free disk space or mend the "
            "folder's permissions and run again, finished results are kept"
        ) from error
    finally:
        if temporary:
            temporary.unlink(missing_ok=True)


def _sweep(path):
    """Remove temporary files of writers of `path` that were killed; those of living ones stay."""
    for file in path.parent.glob(f".{glob.escape(path.name)}.*"):
        label = file.name.removeprefix(f".{path.name}.").partition(".")[0]
        owner = Process.from_label(label)
        alive = owner.alive if owner else None
        with suppress(OSError):
            if alive is None:
                alive = time.time() - file.stat().st_mtime < _ABANDONED_S
            if not alive:
                file.unlink()


def write(dataset, path):
    """Write a dataset; DataFileError when the disk refuses it."""
    with replacing(path) as temporary:
        try:
            dataset.to_netcdf(temporary, engine="netcdf4")
        except RuntimeError as error:
            # so the NetCDF library reports some failures of the disk
            raise OSError(str(error)) from error


def copy(source, path):
    """Write a copy of a file, of the permissions that any new file has."""
    with replacing(path) as temporary:
        shutil.copyfile(source, temporary)


def read(path, variables=()):
    """Load a dataset whole.

    variables : names it has to hold
    raises : DataFileError when the file is missing, cannot be read (see netcdf_faults) or lacks one
    """
    # here, as whoever copies files, or reads no more than an outline, does without: xarray brings
    # pandas with it, which takes as long to import as a table takes to be made
    import xarray as xr

    with _reading(path), xr.open_dataset(path, engine="netcdf4") as dataset:
        found = dataset.load()
    if missing := [name for name in variables if name not in found]:
        raise DataFileError(
            f"{path}: a sound NetCDF file without {', '.join(missing)}, so another version or "
            "program wrote it; to have it made anew move it to another folder and run again"
        )
    return found


def outline(path):
    """Attributes of a dataset and the names of its variables, without reading those.

    returns : (dict, list of str)
    raises : DataFileError when the file is missing or cannot be read
    """
    # here, as the HDF5 library reads its settings when it is first imported (see script.job)
    import netCDF4

    with _reading(path), netCDF4.Dataset(path) as dataset:
        return {name: dataset.getncattr(name) for name in dataset.ncattrs()}, list(
            dataset.variables
        )


@contextmanager
def _reading(path):
    try:
        require_regular(path)
        yield
    except FileNotFoundError as error:
        raise DataFileError(f"{path}: no such file; the stage that makes it has not run") from error
    except (OSError, ValueError, RuntimeError) as error:
        raise DataFileError(f"{path}: {fault(path, error)}") from error
