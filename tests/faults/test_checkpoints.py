"""Checkpoints that cannot be used are refused with the reason and the way out."""

import pytest

from ferronhall.base.errors import DataFileError
from ferronhall.engine import checkpoint, trajectory
from ferronhall.model.members import members_of


def _refused(job, reason, **changes):
    """Assert the refusal, and that checkpoint.restart begins cleanly instead."""
    content = job.checkpoint.read_bytes()
    with pytest.raises(DataFileError) as refused:
        job.run(**changes)
    message = str(refused.value)
    for part in (str(job.checkpoint), reason, "Delete the file", "checkpoint.restart: true"):
        assert part in message
    assert job.checkpoint.read_bytes() == content
    job.config["checkpoint"]["restart"] = True
    job.lines.clear()
    anew = job.run(**changes)
    assert any("starts from its beginning" in line and reason in line for line in job.lines)
    assert not any("goes on from" in line for line in job.lines)
    assert anew.identical(job.run(kept=False, **changes))


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
        ({"digest": "changed"}, "another configuration or code (digest, this run has changed)"),
        ({"replica": 5}, "another replica (0, this run has 5)"),
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


def test_a_damaged_final_state_is_passed_over(job):
    """By then the results it goes with are gone: whoever starts the job has deleted them."""
    job.run(finish=True)
    job.final.write_bytes(job.final.read_bytes()[:-7])
    assert job.run(finish=True).identical(job.run(kept=False))
    assert any("starts from its beginning" in line and "truncated" in line for line in job.lines)
