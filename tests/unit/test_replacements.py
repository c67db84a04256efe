"""Which finished results a plan replaces, which it would mistake, and which it sets aside."""

import json

import pytest
import xarray as xr

from ferronhall.base import digest, record, storage
from ferronhall.base.paths import FIELDS, Campaign
from ferronhall.base.record import Record
from ferronhall.campaign import superseded
from ferronhall.campaign.acceptance import as_accepted
from ferronhall.campaign.replacements import Planned, mistaken, refusal, replacements
from ferronhall.engine.checkpoint import State, write

CAMPAIGN = Campaign("tiny")
BLOCK = {"code": "old", "config": {"temperature": {"T_hot_K": 50.0}, "time": {"t_max_ps": 2.0}}}
OLD = Record(BLOCK, {"ferronhall.engine.run": "r0"})
TODAY = Record(BLOCK | {"code": "new"}, {"ferronhall.engine.run": "r1"})
HOT = Record(BLOCK | {"config": BLOCK["config"] | {"temperature": {"T_hot_K": 70.0}}}, OLD.modules)


def trajectories(replica):
    """Paths of a replica's files."""
    return tuple(CAMPAIGN.trajectory(field, replica) for field in FIELDS)


@pytest.fixture(autouse=True)
def finished(tmp_path, monkeypatch):
    """Replica 0 of the campaign in the working folder, with its final state and benchmark."""
    monkeypatch.chdir(tmp_path)
    for path in trajectories(0):
        dataset = xr.Dataset({"a": ("x", [1.0])})
        storage.write(dataset.assign_attrs(OLD.attributes(dataset)), path)
    state = tmp_path / CAMPAIGN.final_state("0000")
    state.parent.mkdir(parents=True)
    state.write_bytes(b"state")
    benchmark = tmp_path / CAMPAIGN.benchmark("trajectories", "0000")
    benchmark.parent.mkdir(parents=True)
    benchmark.write_text("s\th:m:s\n1800.0\t0:30:00\n")


def plan(wanted, runs):
    return [Planned("trajectory", trajectories(n), wanted, runs) for n in (0, 1)]


def test_what_runs_and_is_there_is_replaced():
    (one,) = replacements(plan(HOT, runs=True))
    assert one.files == trajectories(0) and one.recorded == OLD
    assert one.difference.keys == {"temperature.T_hot_K": (50.0, 70.0)}
    assert replacements(plan(HOT, runs=False)) == []
    assert not replacements(plan(OLD, runs=True))[0].difference


def test_what_does_not_run_and_differs_is_mistaken():
    assert mistaken(plan(OLD, runs=False)) == [] == mistaken(plan(HOT, runs=True))
    (one,) = found = mistaken(plan(HOT, runs=False), accept_code=True)
    said = refusal(found)
    for part in (one.files[0], "and 2 more", "T_hot_K: 50.0 → 70.0", "--forcerun trajectory"):
        assert part in said
    assert "accept_code" not in said


def test_other_code_is_mistaken_unless_accepted():
    said = refusal(mistaken(plan(TODAY, runs=False)))
    assert "code: engine.run" in said and "accept_code=true" in said
    assert mistaken(plan(TODAY, runs=False), accept_code=True) == []


def test_one_foreign_file_among_three_is_seen():
    xr.Dataset({"a": ("x", [1.0])}).to_netcdf(trajectories(0)[2])
    (one,) = mistaken(plan(OLD, runs=False))
    assert "no record of how it was made" in refusal([one])


def test_trajectories_that_code_alone_replaces_are_set_aside_with_the_way_back(tmp_path):
    before = {path: (tmp_path / path).read_bytes() for path in trajectories(0)}
    assert superseded.replaced_by_code(replacements(plan(HOT, runs=True))) == []
    found = superseded.replaced_by_code(replacements(plan(TODAY, runs=True)))
    said = "\n".join(superseded.announcement(CAMPAIGN, found, {}, dryrun=True))
    for part in ("engine.run", "3 finished trajectories (0.5 core-hours)", "would be set aside"):
        assert part in said
    (folder,) = superseded.set_aside(CAMPAIGN, found, {}, "restore", "resume")
    assert folder == f"results/tiny/superseded/{digest.fingerprint(BLOCK)}"
    for path, content in before.items():
        moved = tmp_path / folder / path.removeprefix("results/tiny/")
        assert moved.read_bytes() == content and not (tmp_path / path).exists()
    assert (tmp_path / folder / "checkpoints/0000.final.ckpt").read_bytes() == b"state"
    note = (tmp_path / folder / "README.txt").read_text()
    assert f"rm -r {folder}" in note and f"cp -a {folder}/*/ results/tiny/ && restore" in note


def test_checkpoints_that_code_alone_outdates_are_set_aside(tmp_path):
    def leave(replica, configuration):
        state = State([0.0], [0.0], 1, [], [0.0], 0, [], [0.0])
        for name in ("sums", "balance_sums"):
            setattr(state, name, xr.DataArray([0.0]).values)
        identity = {"configuration": configuration, "code": "old"}
        write(tmp_path / CAMPAIGN.checkpoint(replica), identity, state)

    leave("0001", digest.continuation_digest(TODAY.block))
    leave("0002", "another")
    replicas = ["0000", "0001", "0002"]
    states = superseded.outdated_states(CAMPAIGN, replicas, TODAY.block)
    assert states == {CAMPAIGN.checkpoint("0001"): "old"}
    assert superseded.outdated_states(CAMPAIGN, replicas, BLOCK) == {}
    (folder,) = superseded.set_aside(CAMPAIGN, [], states, "restore", "resume")
    assert (tmp_path / folder / "checkpoints/0001.ckpt").exists()
    assert not (tmp_path / CAMPAIGN.checkpoint("0001")).exists()
    assert (tmp_path / CAMPAIGN.checkpoint("0002")).exists()
    assert "&& resume" in (tmp_path / folder / "README.txt").read_text()


def test_accepted_is_what_differs_in_one_code_alone(tmp_path):
    files = trajectories(0)
    assert as_accepted(TODAY.block, files) == BLOCK
    assert list(as_accepted(TODAY.block, files)) == list(BLOCK)
    assert as_accepted(HOT.block, files) == HOT.block
    assert as_accepted(TODAY.block, (*files, "missing.nc")) == TODAY.block
    other = storage.read(files[2])
    newer = Record(BLOCK | {"code": "newer"}, {})
    storage.write(other.assign_attrs(newer.attributes(other)), files[2])
    assert as_accepted(TODAY.block, files) == TODAY.block
    stamp = tmp_path / "compiled.txt"
    stamp.write_text(f"compiled\n{json.dumps(BLOCK)}\n")
    assert as_accepted(TODAY.block, [stamp]) == BLOCK
    stamp.write_text("compiled\n")
    assert as_accepted(TODAY.block, [stamp]) == TODAY.block


def test_the_records_of_accepted_files_stay_what_they_are():
    as_accepted(TODAY.block, trajectories(0))
    assert record.read(trajectories(0)[0]) == OLD
