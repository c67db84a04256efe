"""What every script of the workflow shares: its log, its threads and how it fails."""

import os
import sys
import traceback
from contextlib import contextmanager
from pathlib import Path

from ferronhall.base.errors import FerronHallError

_THREAD_VARIABLES = (
    "NUMBA_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
)


def configuration(snakemake):
    """The stage's part of the configuration, and the paths of the files that it takes.

    Paths are no part of the stage's block, which holds the content of what lies there.
    """
    stage = snakemake.params.stage
    named = {"material": snakemake.config["material"]} if "material" in stage else {}
    if stage["config"].get("temperature", {}).get("map"):
        path = snakemake.config["temperature"]["map"]
        named["temperature"] = stage["config"]["temperature"] | {"map": path}
    return stage["config"] | named


@contextmanager
def job(snakemake):
    """Run a script's body: yields log(line), which writes to the job's log file.

    What has to be seen goes to the terminal as well: log(line, warn=True).

    Numerical libraries read their number of threads when first imported, and the HDF5 library
    whether to lock files, so scripts import them inside the body. A FerronHallError ends the job
    with its message alone, on stderr and in the log, and exit status 1.
    """
    # results are written beside and renamed, so the locks of the HDF5 library protect nothing: they
    # only refuse files that a notebook has open, and all files where a file system has no locks
    os.environ["HDF5_USE_FILE_LOCKING"] = "FALSE"
    for variable in _THREAD_VARIABLES:
        os.environ[variable] = str(snakemake.threads)
    Path(snakemake.log[0]).write_text("")
    # appended to, for a second copy of a job may empty the file while the first goes on writing
    with open(snakemake.log[0], "a", encoding="utf-8") as stream:

        def log(line, warn=False):
            print(line, file=stream, flush=True)
            if warn:
                print(f"warning: {line}", file=sys.stderr, flush=True)

        try:
            yield log
        except FerronHallError as error:
            log(f"error: {error}")
            print(f"error: {error}", file=sys.stderr, flush=True)
            sys.exit(1)
        except Exception:
            log(traceback.format_exc())
            raise
