"""Campaigns in another folder than the workflow's, and inside another workflow."""

import os
import re
import shlex
import shutil

import pytest
import yaml

from tests.workflow.conftest import TINY, refused

ANEW = {"preflight": 1, "parameters": 1, "compile": 1, "trajectory": 2}
MODULE = """
from ferronhall.base import shipped

module hall:
    snakefile: {snakefile}
    config: config["hall"]

use rule * from hall as hall_*
"""


@pytest.fixture
def elsewhere(project, tmp_path):
    """A folder with nothing but a campaign's configuration."""
    (tmp_path / "tiny.yaml").write_text(yaml.safe_dump(TINY), encoding="utf-8")
    return tmp_path


def jobs(done):
    """rule → number of jobs of a dry run."""
    assert done.returncode == 0, done.stdout + done.stderr
    table = done.stdout.rpartition("Job stats:")[2]
    return {rule: int(n) for rule, n in re.findall(r"^(\w+) +(\d+)$", table, re.MULTILINE)}


def test_started_from_another_folder(project, elsewhere):
    snakefile = ["--snakefile", os.path.relpath(project.folder / "Snakefile", elsewhere)]
    own = project.snakemake(
        "trajectories", "-n", *snakefile, "--configfile", "tiny.yaml", cwd=elsewhere
    )
    demo = project.snakemake("second_order", "-n", *snakefile, cwd=elsewhere)
    assert jobs(own) == {**ANEW, "trajectories": 1, "total": 6}
    assert jobs(demo)["fluorite_density_data"] == 1


def test_results_go_to_the_folder_that_was_named(project, elsewhere):
    """From there the command in a log runs as it stands, and from every other folder."""
    before = project.results()
    place = ["--directory", str(elsewhere), "--configfile", "config/config.yaml"]
    file = "results/tiny/trajectories/minus/0000.nc"
    project.run(file, *place)
    assert (elsewhere / file).is_file()
    assert project.results() == before
    log = elsewhere / "results/tiny/logs/trajectories/0000.log"
    command = next(s for s in log.read_text().splitlines() if s.startswith("snakemake "))
    done = project.snakemake("--dry-run", *shlex.split(command)[1:], cwd=elsewhere.parent)
    assert jobs(done)["trajectory"] == 1


@pytest.mark.parametrize("snakefile", ['"{project}/Snakefile"', "shipped.snakefile()"])
def test_as_a_module_of_another_workflow(project, elsewhere, snakefile):
    module = MODULE.format(snakefile=snakefile.format(project=project.folder))
    (elsewhere / "Snakefile").write_text(module)
    (elsewhere / "outer.yaml").write_text(yaml.safe_dump({"mine": 1, "hall": TINY}))
    with_config = ["--configfile", "outer.yaml"]
    found = jobs(project.snakemake("hall_trajectories", "-n", *with_config, cwd=elsewhere))
    assert found == {
        **{f"hall_{rule}": n for rule, n in ANEW.items()},
        "hall_trajectories": 1,
        "total": 6,
    }
    figure = "results/tiny/figures/density_fluorite.png"
    done = project.snakemake(figure, "--cores", "1", *with_config, cwd=elsewhere)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (elsewhere / figure).is_file()


def test_included_by_another_workflow(project, elsewhere):
    text = f'configfile: "tiny.yaml"\ninclude: "{project.folder}/Snakefile"\n'
    (elsewhere / "Snakefile").write_text(text)
    assert jobs(project.snakemake("trajectories", "-n", cwd=elsewhere))["trajectory"] == 2


def test_a_material_of_ones_own_comes_before_a_shipped_one(project, elsewhere):
    name = "config/materials/batio3.yaml"
    (elsewhere / name).parent.mkdir(parents=True)
    shutil.copy(project.folder / name, elsewhere / name)
    with open(elsewhere / name, "a", encoding="utf-8") as stream:
        stream.write("nonsense: 1\n")
    where = ["--directory", str(elsewhere)]
    refused(project.snakemake("-n", *where), "nonsense")


def test_a_material_that_is_nowhere_is_looked_for_in_two_places(project, elsewhere):
    with project.configured(material="materials/gone.yaml"):
        done = project.snakemake("-n", "--directory", str(elsewhere))
    refused(done, "'materials/gone.yaml'", str(elsewhere), str(project.folder))
