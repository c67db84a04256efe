"""What every script of the workflow shares: its log, its threads and how it fails."""

import gc
import os
import signal
import sys
import traceback
from contextlib import contextmanager

from ferronhall.base.errors import FerronHallError
from ferronhall.base.job_log import JobLog

_GARBAGE = 50_000
"""Objects made until Python looks for unused ones again. Imports and figures make hundreds of
thousands and drop few: a seventh of a short job's time went into looking, every 700 objects."""

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
    # a point of a scan may have a material of its own
    material = snakemake.params.get("material_file") or snakemake.config["material"]
    named = {"material": material} if "material" in stage else {}
    if stage["config"].get("temperature", {}).get("map"):
        path = snakemake.config["temperature"]["map"]
        named["temperature"] = stage["config"]["temperature"] | {"map": path}
    domains = stage["config"].get("domains", {})
    if isinstance(domains.get("map"), str):
        named["domains"] = domains | {"map": snakemake.config["domains"]["map"]}
    return stage["config"] | named


def write(snakemake, dataset, path):
    """Write a dataset with the record of its making, and of other code accepted in its inputs."""
    from ferronhall.base import storage
    from ferronhall.base.record import Record

    made = Record(snakemake.params.stage, snakemake.params.record.modules, snakemake.accepted)
    storage.write(dataset.assign_attrs(made.attributes(dataset)), path)


@contextmanager
def job(snakemake, alone=True):
    """Run a script's body: yields log(line), which writes to the job's log file.

    Before, the job's inputs are compared with what this configuration and code make of them.

    What has to be seen goes to the terminal as well: log(line, warn=True).

    Numerical libraries read their number of threads when first imported, and the HDF5 library
    whether to lock files, so scripts import them inside the body. A FerronHallError ends the job
    with its message alone, on stderr and in the log, and exit status 1; where it would come again,
    a repetition of the job (retries) ends with the same message at once.

    alone : bool
        Whether nobody else can be running this job. Otherwise the log keeps what is in it until the
        body knows better, and calls log.begin().
    """
    gc.set_threshold(_GARBAGE)
    # results are written beside and renamed, so the locks of the HDF5 library protect nothing: they
    # only refuse files that a notebook has open, and all files where a file system has no locks
    os.environ["HDF5_USE_FILE_LOCKING"] = "FALSE"
    for variable in _THREAD_VARIABLES:
        os.environ[variable] = str(snakemake.threads)
    log = JobLog(snakemake.log[0], snakemake.resources.get("attempt", 1))
    if alone:
        log.begin()
    try:
        if earlier := log.lasting_error:
            raise FerronHallError(f"{earlier} (found by an earlier try; this one was not made)")
        snakemake.accepted = _compare_inputs(snakemake, log)
        yield log
    except FerronHallError as error:
        log.fail(error)
        sys.exit(1)
    except KeyboardInterrupt:
        # no fault that a traceback would help with; the status is that of a shell
        log("interrupted")
        sys.exit(128 + signal.SIGINT)
    except Exception:
        log(traceback.format_exc())
        raise
    finally:
        log.close()


def _compare_inputs(snakemake, log):
    """Other code of the inputs that the configuration accepts, in words; DataFileError for any."""
    expected = snakemake.params.get("record")
    if not expected or not expected.inputs:
        return ""
    from ferronhall.base import record

    accepted = record.require(expected.inputs, snakemake.config["accept_code"])
    if accepted:
        log(f"accepted as they are (accept_code): {accepted}", warn=True)
    return accepted
