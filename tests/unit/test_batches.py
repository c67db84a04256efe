"""Which replicas a device advances together."""

import json

import xarray as xr

from ferronhall.base import storage
from ferronhall.base.record import Record
from ferronhall.campaign.batches import batches, is_current
from ferronhall.campaign.job_resources import replica_memory

BLOCK = {"code": "a", "config": {"time": {"t_max_ps": 1.0}}}


def test_a_replica_keeps_its_batch_whoever_else_is_wanted():
    assert batches(range(5), 2) == {0: [0, 1], 1: [2, 3], 2: [4]}
    assert batches([1, 4], 2) == {0: [1], 2: [4]}
    assert batches([], 2) == {}


def test_files_are_current_when_all_are_there_and_record_the_block(tmp_path):
    files = [tmp_path / "minus.nc", tmp_path / "plus.nc"]
    dataset = xr.Dataset({"x": ("x", [1.0])})
    for file in files:
        attributes = Record(BLOCK, {}).attributes(dataset)
        storage.write(dataset.assign_attrs(attributes, config=json.dumps({})), file)
    assert is_current(files, BLOCK)
    assert not is_current([*files, tmp_path / "zero.nc"], BLOCK)
    assert not is_current(files, BLOCK | {"code": "b"})
    files[0].write_bytes(b"none")
    assert not is_current(files, BLOCK)


def test_replicas_in_one_process_share_the_operator(config):
    """More memory than one takes, and less than as many processes."""
    one, four = replica_memory(config), replica_memory(config, 4)
    assert one < four < 4 * one
