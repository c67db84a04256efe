"""What a dry run ends with, and a run begins with."""

import pytest
import yaml

from tests.conftest import ROOT

MATERIAL = "config/materials/batio3.yaml"
HEAT = "temperature.T_hot_K: 50.0 → 70.0"


def ending(project, *arguments):
    """The lines that follow everything else that a dry run prints."""
    done = project.snakemake("--dry-run", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    _, found, lines = done.stdout.rpartition("The order of jobs does not reflect the order of ")
    assert found
    return lines.splitlines()[1:]


def reasons(lines):
    """Stage → its count and reasons."""
    rows = [line.split(maxsplit=1) for line in lines if line.startswith("  ")]
    return {row[0]: row[1] for row in rows if not row[0].endswith(":")}


def test_a_new_campaign_is_left_as_a_whole(project):
    other = ("name: BaTiO3", "name: of its own")
    with project.edited(MATERIAL, *other), project.configured(campaign="untouched"):
        first, *lines = ending(project)
    assert first == "Campaign 'untouched': 42 of 42 jobs run, and why"
    found = reasons(lines)
    assert found["trajectories"] == "2  new" and found["theory"] == "1  new"
    assert found["materials"] == "4  new"
    (cost,) = [line for line in lines if line.startswith("  whole campaign")]
    for part in ("all of it left: 42 jobs", "core-hours", "of memory at a time", "of disk"):
        assert part in cost
    assert "the harmonic twin is expected to lower" in lines[-1]


def test_what_another_campaign_has_made_of_the_material_is_not_left(project):
    with project.configured(campaign="untouched"):
        first, *lines = ending(project)
    assert first == "Campaign 'untouched': 38 of 42 jobs run, and why"
    assert "materials" not in reasons(lines)
    whole, left = (line for line in lines if line.startswith(("  whole campaign:", "  left:")))
    assert "42 jobs" in whole and "38 jobs" in left


def test_a_changed_key_is_named_with_what_it_replaces(project):
    with project.configured(temperature={"T_hot_K": 70.0}):
        lines = ending(project)
    found = reasons(lines)
    assert found["trajectories"] == f"2  {HEAT}" and found["twin"] == f"1  {HEAT}"
    (replaced,) = [line for line in lines if line.startswith("Replaced")]
    assert "2 finished replicas (" in replaced and replaced.endswith(HEAT)
    assert not [line for line in lines if "another configuration file" in line]


def test_finished_replicas_are_not_left(project):
    with project.configured(ensemble={"replicas": 3}):
        lines = ending(project)
    found = reasons(lines)
    assert found["trajectories"] == "1 of 3  new"
    assert found["ensemble"] == "1  ensemble.replicas: 2 → 3"
    assert "theory" not in found
    whole, left = (
        float(line.split(" core-hours")[0].split()[-1])
        for line in lines
        if line.startswith(("  whole campaign:", "  left:"))
    )
    assert left < whole
    assert not [line for line in lines if line.startswith("Replaced")]


def test_a_copied_file_without_a_campaign_of_its_own_is_told(project):
    content = yaml.safe_load((project.folder / "config/config.yaml").read_text())
    content["temperature"]["T_hot_K"] = 70.0
    (project.folder / "mine.yaml").write_text(yaml.safe_dump(content))
    lines = ending(project, "--configfile", "mine.yaml")
    (told,) = [line for line in lines if "another configuration file" in line]
    assert "config/config.yaml" in told and "`campaign`" in told


def test_quiet_runs_end_with_it_too_and_others_without(project):
    with project.configured(campaign="untouched"):
        quiet = project.snakemake("--dry-run", "--quiet").stdout
        wrong = project.snakemake("--dry-run", "nothing")
    assert "Campaign 'untouched': 38 of 42 jobs run" in quiet
    assert wrong.returncode != 0 and "Campaign '" not in wrong.stdout + wrong.stderr
    assert "nothing: there is no target" in wrong.stderr
    assert "Campaign '" not in project.snakemake("--dry-run").stdout


def test_a_run_begins_with_it(project):
    done = project.run("--force", "results/tiny/trajectories/plus/0000.nc")
    before, _, after = done.stderr.partition("Select jobs to execute")
    for part in ("Campaign 'tiny': 1 of", "forced", "  this run: 1 jobs", "  a replica: 6 traj"):
        assert part in before and part not in after
    project.run()


def test_an_error_that_would_come_again_is_not_computed_again(project):
    hot = {"T_hot_K": 2000.0, "T_cold_K": 2000.0}
    again = ["--retries", "2", "--default-resources", "attempt=attempt"]
    with project.configured(campaign="molten", temperature=hot):
        done = project.snakemake("--cores", "1", *again, "--", "results/molten/theory.nc")
    assert done.returncode != 0
    log = (project.folder / "results/molten/logs/theory.log").read_text()
    assert "gives way to its own fluctuations" in log and "this one was not made" in log
    assert (done.stdout + done.stderr).count("this one was not made") == 2


@pytest.mark.parametrize(
    "name", ["profiles/default", "workflow/profiles/slurm", "workflow/profiles/generic"]
)
def test_every_profile_compares_contents_of_all_results(name):
    profile = yaml.safe_load((ROOT / name / "config.yaml").read_text(encoding="utf-8"))
    assert profile["max-checksum-file-size"] > 100e9
    if name != "profiles/default":
        assert profile["default-resources"]["attempt"] == "attempt"
