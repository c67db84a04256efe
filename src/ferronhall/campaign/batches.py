"""Which replicas a device advances together."""

from pathlib import Path

from ferronhall.base import record
from ferronhall.base.errors import DataFileError


def batches(wanted, size):
    """Replicas by the number of their batch: 0 of the first `size`, 1 of the next, and so on.

    A replica's batch does not depend on which others are wanted, so that every process of a run
    sees the same one.

    wanted : sequence of int
    returns : dict, batch → list of int
    """
    found = {}
    for replica in wanted:
        found.setdefault(replica // size, []).append(replica)
    return found


def is_current(files, block):
    """Whether all of a replica's files are there and record the block of their stage today."""
    try:
        return all(Path(f).exists() and record.read(f).block == block for f in files)
    except DataFileError:
        return False
