"""Updates of the code keep finished work; lost records and foreign files are found out."""

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from ferronhall.base import record, storage
from tests.workflow.conftest import refused

ACCEPT = ("--config", "accept_code=true")
RUN = "src/ferronhall/engine/run.py"
FIRST = "results/tiny/trajectories/minus/0000.nc"
TO_TRAJECTORIES = {"preflight", "parameters", "compile", "trajectory"}


def modules(project, wanted):
    """Modules of the library whose room `wanted` holds for; constants of nature are physics."""
    package = project.folder / "src" / "ferronhall"
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package)
        if wanted(name.parts[0]) and str(name) != "base/units.py":
            yield str(path.relative_to(project.folder))


@contextmanager
def foreign(path, **changes):
    """Another file in the place of a result, its record changed; undone afterwards."""
    before, times = path.read_bytes(), os.stat(path)
    dataset = storage.read(path)
    for name, (old, new) in changes.items():
        assert old in dataset.attrs[name]
        dataset.attrs[name] = dataset.attrs[name].replace(old, new)
    storage.write(dataset, path)
    try:
        yield
    finally:
        path.write_bytes(before)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def test_an_update_outside_engine_and_model_reruns_no_trajectory(project):
    files = list(modules(project, lambda room: room not in ("engine", "model")))
    assert len(files) > 100
    with project.updated(*files):
        planned = project.planned()
    assert not TO_TRAJECTORIES & set(planned)
    assert {"steady_state", "twin", "ensemble", "fig3", "summary_table"} <= set(planned)


def test_an_update_of_how_results_are_kept_reruns_nothing(project):
    files = list(modules(project, lambda room: room in ("base", "__init__.py")))
    with project.updated(*files, "src/ferronhall/engine/keeper.py"):
        assert project.planned() == {}


def test_changed_physics_reruns_and_says_what_it_would_set_aside(project):
    before = project.results()
    with project.updated(RUN):
        done = project.snakemake("--dry-run")
        assert project.planned()["trajectory"] == 2
    for words in (
        "Code has changed: engine.run. 6 finished trajectories",
        "core-hours",
        "would be set aside in results/tiny/superseded/",
        "--config accept_code=true",
    ):
        assert words in done.stdout + done.stderr
    assert project.results() == before


def test_accepted_code_reruns_no_trajectory(project):
    with project.updated(RUN):
        assert project.planned(*ACCEPT) == {}
        with project.configured(accept_code=True):
            assert project.planned() == {}
    with project.updated("src/ferronhall/model/model.py"):
        planned = project.planned(*ACCEPT)
    assert not TO_TRAJECTORIES & set(planned)
    assert {"steady_state", "twin", "ensemble"} <= set(planned)


def test_accepted_code_does_not_accept_another_configuration(project):
    with project.updated(RUN), project.configured(temperature={"T_hot_K": 60.0}):
        assert project.planned(*ACCEPT)["trajectory"] == 2


def test_lost_records_rerun_nothing_and_hide_no_change(project):
    with project.forgotten():
        assert project.planned() == {}
        with project.configured(temperature={"T_hot_K": 70.0}):
            done = project.snakemake("--cores", "1")
            forced = project.planned("--forcerun", "parameters")
        with project.updated(RUN):
            other_code = project.snakemake("--dry-run")
            assert project.planned(*ACCEPT) == {}
    change = "temperature.T_hot_K: 50.0 → 70.0"
    refused(done, FIRST, "and 5 more", change, "parameters.nc", "--forcerun parameters")
    assert "Nothing to be done" not in done.stdout + done.stderr
    assert forced["trajectory"] == 2
    refused(other_code, FIRST, "code: engine.run", "accept_code=true")


@pytest.mark.parametrize("way", [("--dry-run", "--rerun-triggers", "mtime"), ("--touch",)])
def test_no_way_around_the_records_labels_results_as_others(project, way):
    with project.configured(temperature={"T_hot_K": 70.0}):
        done = project.snakemake("--cores", "1", *way)
    refused(done, FIRST, "temperature.T_hot_K: 50.0 → 70.0", "campaign")


def test_only_what_is_asked_for_is_compared(project):
    with project.forgotten(), project.configured(time={"t_max_ps": 3.0}):
        assert project.planned("theory") == {}
        refused(project.snakemake("--dry-run", "trajectories"), "time.t_max_ps: 2.0 → 3.0")


def test_a_foreign_trajectory_is_found_before_the_first_job(project):
    path = project.folder / FIRST
    with foreign(path, stage=('"T_hot_K": 50.0', '"T_hot_K": 70.0')):
        done = project.snakemake("--dry-run")
    refused(done, FIRST, "temperature.T_hot_K: 70.0 → 50.0")


def test_a_job_compares_what_it_reads(project, tmp_path):
    """As when a file is exchanged while the campaign runs."""
    copy = project.copied(tmp_path / "copy")
    path = copy.folder / "results/tiny/parameters.nc"
    # without the look before the first job the file is as one exchanged after it
    rule = copy.folder / "workflow" / "rules" / "replacements.smk"
    text = rule.read_text(encoding="utf-8")
    assert "        look_at_results()" in text
    rule.write_text(text.replace("        look_at_results()", "        pass"), encoding="utf-8")
    with foreign(path, stage=('"T_hot_K": 50.0', '"T_hot_K": 70.0')):
        done = copy.snakemake("--cores", "1", "--force", "results/tiny/tables/summary.csv")
    refused(done, "parameters.nc", "temperature.T_hot_K: 70.0 → 50.0")


def test_set_aside_taken_back_and_one_more_replica(project, tmp_path):
    copy = project.copied(tmp_path / "copy")
    before = {f: c for f, c in copy.results().items() if f.startswith("trajectories/")}
    with copy.updated(RUN):
        copy.run("trajectories")
        (note,) = (copy.folder / "results/tiny/superseded").glob("*/README.txt")
        after = copy.results()
        for file, (content, _time) in before.items():
            assert (note.parent / file).read_bytes() == content
            # the same numbers, with another record
            assert after[file][0] != content
        found = record.read(copy.folder / FIRST)
        kept = record.read(note.parent / "trajectories/minus/0000.nc")
        assert found.difference(kept).modules == ("ferronhall.engine.run",)
        # whoever changes a mind does what the note says
        command = note.read_text(encoding="utf-8").splitlines()[-1]
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        environment = os.environ | {"PYTHONPATH": str(copy.folder / "src"), "PATH": path}
        subprocess.run(["bash", "-c", command], cwd=copy.folder, env=environment, check=True)
        assert copy.planned("trajectories", *ACCEPT) == {}
        with copy.configured(ensemble={"replicas": 3}, accept_code=True):
            assert copy.planned("ensemble") == {"trajectory": 1, "ensemble": 1}
            copy.run("ensemble")
        after = copy.results()
        assert all(after[file][0] == content for file, (content, _time) in before.items())
    ensemble = storage.read(copy.folder / "results/tiny/ensemble.nc")
    assert ensemble.attrs["replicas"] == 3
    assert "and 5 more: code: engine.run" in ensemble.attrs["accepted_code"]
    new = record.read(copy.folder / "results/tiny/trajectories/minus/0002.nc")
    assert new.modules == found.modules
