"""Checkpoints that cannot be used are refused with the reason and the way out."""

import errno
import hashlib
import io
import os

import numpy as np
import pytest

from ferronhall.base.errors import DataFileError, TrajectoryInterruptedError
from ferronhall.engine import checkpoint, trajectory
from ferronhall.engine.keeper import Keeper
from ferronhall.model.members import members_of


def _refused(job, reason, **changes):
    """Assert the refusal, and that checkpoint.restart begins cleanly instead."""
    _stopped(job, reason, **changes)
    job.config["checkpoint"]["restart"] = True
    job.lines.clear()
    anew = job.run(**changes)
    assert any("starts from its beginning" in line and reason in line for line in job.lines)
    assert not any("goes on from" in line for line in job.lines)
    assert anew.identical(job.run(kept=False, **changes))


def _stopped(job, reason, **changes):
    """Assert the refusal alone."""
    content = job.checkpoint.read_bytes()
    with pytest.raises(DataFileError) as refused:
        job.run(**changes)
    message = str(refused.value)
    for part in (
        str(job.checkpoint),
        reason,
        "Move the file to another folder",
        "checkpoint.restart: true",
    ):
        assert part in message
    assert job.checkpoint.read_bytes() == content


@pytest.mark.parametrize("size", [0, 1, 22, 30, 89, 500, -1])
def test_truncated(job, size):
    job.interrupt()
    job.checkpoint.write_bytes(job.checkpoint.read_bytes()[:size])
    _refused(job, "truncated")


@pytest.mark.parametrize("place", [0.2, 0.5, 0.9, 0.999])
def test_corrupt(job, place):
    job.interrupt()
    content = bytearray(job.checkpoint.read_bytes())
    content[int(place * len(content))] ^= 1
    job.checkpoint.write_bytes(content)
    _refused(job, "checksum does not match")


def _rewritten(path, change):
    """Let `change` edit the arrays of a checkpoint, and sign the file anew."""
    first, _, payload = path.read_bytes().split(b"\n", 2)
    with np.load(io.BytesIO(payload)) as content:
        arrays = dict(content)
    change(arrays)
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    _sign(path, first, stream.getvalue())


def _sign(path, first, payload):
    checksum = hashlib.sha256(payload).hexdigest().encode()
    path.write_bytes(b"\n".join((first, checksum, payload)))


def _set(name, value):
    return lambda arrays: arrays.update({name: value(arrays[name])})


def _moved(by):
    return _set("position", lambda found: found + by)


WRONG = {
    "an array is missing": lambda arrays: arrays.pop("v"),
    "no identity": lambda arrays: arrays.pop("identity"),
    "an identity of another kind": _set("identity", lambda found: np.array("[1]")),
    "an identity that is no JSON": _set("identity", lambda found: np.array("{")),
    "a position of three": _set("position", lambda found: np.arange(3)),
    "a position of words": _set("position", lambda found: np.array(["a", "b"])),
    "a scalar of means": _set("means", lambda found: np.array(1.0)),
    "pickled objects": _set("w", lambda found: np.array([None])),
    "fewer cells": _set("w", lambda found: found[..., :-1]),
    "another precision": _set("v", lambda found: found.astype("f4")),
    "other sums": _set("sums", lambda found: found[:1]),
    "other means": _set("means", lambda found: found[..., :-1]),
    "other balances": _set("balance_sums", lambda found: found[1:]),
    "a NaN": _set("w", lambda found: np.where(np.arange(found.shape[-1]) == 3, np.nan, found)),
    "infinite means": _set("means", lambda found: found + np.inf),
    "a step too many": _moved([10, 0]),
    "a step below zero": _set("position", lambda found: np.array([-1, 0])),
    "a block too many": _moved([100, 0]),
    "a sample too many": _moved([0, 1]),
    "a block too few": _set("means", lambda found: found[:-1]),
    "a block of the balances too few": _set("balance_means", lambda found: found[:-1]),
}


@pytest.mark.parametrize("change", WRONG)
def test_a_right_checksum_over_wrong_content(job, monkeypatch, change):
    """Stopped in the middle of its third block, so that there is something to get wrong."""
    visit = Keeper.visit

    def late(self, state):
        if state.step > 630:
            job.config["checkpoint"]["wall_limit_minutes"] = 1e-9
        visit(self, state)

    with monkeypatch.context() as patched:
        patched.setattr(Keeper, "visit", late)
        with pytest.raises(TrajectoryInterruptedError):
            job.run()
    job.config["checkpoint"]["wall_limit_minutes"] = 0
    _rewritten(job.checkpoint, WRONG[change])
    _stopped(job, "its checksum matches, but its content is not that of a checkpoint")


@pytest.mark.parametrize("payload", [b"", b"PK", b"text", b"\x93NUMPY\x01\x00", b"PK\x03\x04" * 9])
def test_a_right_checksum_over_no_archive(job, payload):
    job.interrupt()
    first = job.checkpoint.read_bytes().partition(b"\n")[0]
    _sign(job.checkpoint, first, payload)
    _refused(job, "its checksum matches, but its content is not that of a checkpoint")


def test_a_final_state_with_wrong_content_is_passed_over(job):
    job.run(finish=True)
    _rewritten(job.final, _moved([1, 0]))
    assert job.run().identical(job.run(kept=False))
    assert any("starts from its beginning" in line for line in job.lines)


def test_another_file(job):
    job.interrupt()
    job.checkpoint.write_bytes(b"\x89HDF\r\n\x1a\nwhatever\nfollows")
    _refused(job, "it is damaged")


def test_an_older_format(job, monkeypatch):
    monkeypatch.setattr(checkpoint, "_FORMAT", 0)
    job.interrupt()
    monkeypatch.undo()
    _refused(job, f"its format is 0, this version reads {checkpoint._FORMAT}")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"digest": "changed"}, "another configuration (digest, this run has changed)"),
        ({"code": "changed"}, "another code (code, this run has changed), from which --config"),
        ({"replica": 5}, "another replica (0, this run has 5)"),
        ({"digest": "changed", "accept": True}, "another configuration (digest, this run"),
    ],
)
def test_of_another_run(job, changes, reason):
    job.interrupt()
    _refused(job, reason, **changes)


@pytest.mark.parametrize(
    ("section", "key", "value", "reason"),
    [
        ("ensemble", "root_seed", 8, "another root seed (7, this run has 8)"),
        ("ensemble", "precision", "float32", "another precision (float64, this run has float32)"),
        ("lattice", "ny", 6, "another lattice ([7, 5, 2], this run has [7, 6, 2])"),
    ],
)
def test_of_another_campaign(job, section, key, value, reason):
    """The digest would tell too; the checkpoint does not rely on what its caller puts into it."""
    job.interrupt()
    job.config[section][key] = value
    _refused(job, reason)


def test_of_other_fields(job, monkeypatch):
    job.interrupt()
    turned = lambda *asked: members_of(*asked)[::-1]  # noqa: E731
    monkeypatch.setattr(trajectory, "members_of", turned)
    names = ["minus", "zero", "plus", "minus twin", "zero twin", "plus twin"]
    reason = f"set of fields ({names}, this run has {names[::-1]})"
    _refused(job, reason)


def test_a_directory_in_its_place(job):
    job.checkpoint.mkdir(parents=True)
    with pytest.raises(DataFileError, match="cannot be read"):
        job.run()


@pytest.mark.parametrize("finish", [False, True])
@pytest.mark.parametrize("code", [errno.EACCES, errno.EIO, errno.ESTALE])
def test_one_that_the_file_system_holds_back_is_kept(job, monkeypatch, finish, code):
    """Neither is to be deleted: both may be good."""
    job.run(finish=finish)
    path = job.final if finish else job.checkpoint
    content = path.read_bytes()

    def refuse(_path):
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as broken:
        broken.setattr(checkpoint, "require_regular", refuse)
        with pytest.raises(DataFileError) as refused:
            job.run()
    for part in (str(path), os.strerror(code), "keep it"):
        assert part in str(refused.value)
    assert "elete" not in str(refused.value)
    assert path.read_bytes() == content


def test_restart_leaves_a_sound_checkpoint_in_use(job):
    """It stays in the config by oversight, and must not undo every resumption."""
    job.interrupt()
    job.config["checkpoint"]["restart"] = True
    job.run()
    assert any("goes on from" in line for line in job.lines)


def test_a_final_state_of_another_configuration_is_passed_over(job):
    job.run(finish=True)
    job.config["temperature"]["T_hot_K"] = 40.0
    assert job.run("changed", finish=True).identical(job.run(kept=False))
    assert any("starts from its beginning" in line for line in job.lines)
    job.lines.clear()
    job.run("changed")
    assert any(f"goes on from {job.final}" in line for line in job.lines)


def test_accepted_a_state_of_other_code_is_gone_on_from_and_says_so(job):
    job.interrupt()
    whole = job.run(kept=False)
    assert job.run(code="changed", accept=True, finish=True).identical(whole)
    assert any(f"goes on from {job.checkpoint}" in line for line in job.lines)
    said = job.keeper.attributes["accepted_code"]
    assert "replica 0000" in said and "code code" in said
    # what it left is of both codes, and nobody takes it for one of either
    assert checkpoint.identity(job.final)["code"] == "changed after code"


def test_code_that_is_the_same_needs_no_acceptance(job):
    job.interrupt()
    job.run(accept=True, finish=True)
    assert job.keeper.attributes == {}
    assert checkpoint.identity(job.final)["code"] == "code"


def test_a_damaged_final_state_is_passed_over(job):
    """By then the results it goes with are gone: whoever starts the job has deleted them."""
    job.run(finish=True)
    job.final.write_bytes(job.final.read_bytes()[:-7])
    assert job.run(finish=True).identical(job.run(kept=False))
    assert any("starts from its beginning" in line and "truncated" in line for line in job.lines)
