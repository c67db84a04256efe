"""Commands that are printed for a user run as they stand; shipped files are found from anywhere."""

import shlex
from types import SimpleNamespace

import pytest

from ferronhall.base import shipped
from ferronhall.base.invocation import command


@pytest.fixture
def workflow(tmp_path):
    """A workflow with a configuration beside it."""
    (tmp_path / "a project").mkdir()
    main = tmp_path / "a project" / "Snakefile"
    main.touch()
    return SimpleNamespace(main_snakefile=str(main), configfiles=[main.with_name("mine.yaml")])


def test_in_the_workflows_own_folder_nothing_more_is_named(workflow, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path / "a project")
    found = command(workflow, ["--cores", "1"], ["--force", "--", "results/a.nc"])
    assert found == "snakemake --cores 1 --configfile mine.yaml --force -- results/a.nc"


def test_elsewhere_workflow_and_folder_are(workflow, tmp_path, monkeypatch):
    (tmp_path / "scratch").mkdir()
    monkeypatch.chdir(tmp_path / "scratch")
    project = tmp_path / "a project"
    assert shlex.split(command(workflow, ["figures"], ["--force"])) == [
        *("snakemake", "--snakefile", str(project / "Snakefile")),
        *("--directory", str(tmp_path / "scratch")),
        *("figures", "--configfile", str(project / "mine.yaml"), "--force"),
    ]


def test_another_workflow_in_that_folder_is_not_taken_for_it(workflow, tmp_path, monkeypatch):
    (tmp_path / "Snakefile").touch()
    monkeypatch.chdir(tmp_path)
    assert f"--directory {tmp_path}" in command(workflow, [])


def test_the_working_folder_comes_before_what_is_shipped(tmp_path, monkeypatch):
    project, work = tmp_path / "project", tmp_path / "work"
    project.mkdir()
    work.mkdir()
    (project / "data.yaml").touch()
    monkeypatch.chdir(work)
    assert shipped.find("data.yaml", project) == str(project / "data.yaml")
    assert shipped.find("gone.yaml", project) == "gone.yaml"
    assert shipped.find(str(project / "data.yaml"), work) == str(project / "data.yaml")
    (work / "data.yaml").touch()
    assert shipped.find("data.yaml", project) == "data.yaml"
