"""Finished results that other code made, accepted as they are."""

import json
from pathlib import Path

from ferronhall.base import record
from ferronhall.base.errors import DataFileError


def as_accepted(block, files):
    """The block of a stage with the code that its finished files record.

    Compared with what Snakemake recorded when they were made, it leaves them as they are.

    block : dict, the stage's block today
    files : paths of all files of one job: datasets, or the stamp of the compiled kernels
    returns : dict; `block` itself unless all files are there, and differ from it, if at all, by one
        and the same code
    """
    try:
        found = [_block(path) for path in files]
    except (DataFileError, OSError, ValueError):
        return block
    codes = {one.get("code") for one in found}
    if len(codes) > 1 or any(one | {"code": block["code"]} != block for one in found):
        return block
    return block | {"code": codes.pop()}


def _block(path):
    if Path(path).suffix == ".txt":
        return json.loads(Path(path).read_text(encoding="utf-8").splitlines()[-1])
    return record.read(path).block
