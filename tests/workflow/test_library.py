"""A campaign runs with the library of its own clone, or one installed in the same version."""

import shutil

import pytest

from tests.workflow.conftest import PARTS, ROOT, refused

PACKED = tuple(part for part in PARTS if part != "src")
METADATA = "Metadata-Version: 2.1\nName: ferronhall\nVersion: {}\n"


@pytest.fixture
def library(project, tmp_path):
    """Puts a copy of the library where it would be cloned to, or installed in a version."""

    def put(version=None):
        folder = tmp_path / ("site-packages" if version else "src")
        shutil.copytree(project.folder / "src" / "ferronhall", folder / "ferronhall")
        if version:
            (folder / f"ferronhall-{version}.dist-info").mkdir()
            metadata = folder / f"ferronhall-{version}.dist-info" / "METADATA"
            metadata.write_text(METADATA.format(version), encoding="utf-8")
        return folder

    return put


def test_the_library_of_another_clone_stops_the_campaign(project, library):
    other, before = library(), project.results()
    done = project.snakemake("--cores", "1", "--forceall", library=other)
    refused(done, str(other / "ferronhall"), str(project.folder / "src/ferronhall"), "-e ")
    assert project.results() == before


def test_another_clone_of_an_older_state_is_named_too(project, library):
    """Before anything is imported that it does not have."""
    other = library()
    shutil.rmtree(other / "ferronhall" / "base")
    refused(project.snakemake("-n", library=other), "another clone", str(other))


def test_an_installed_library_needs_the_workflows_version(project, library):
    shutil.copy(ROOT / "pyproject.toml", project.folder)
    try:
        done = project.snakemake("-n", library=library("0.0.1"))
    finally:
        (project.folder / "pyproject.toml").unlink()
    refused(done, "version 0.0.1", "needs version ", str(project.folder))


def test_an_installed_library_of_that_version_is_taken(project, library):
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (project.folder / "pyproject.toml").write_text(text.replace('version = "', 'version = "7.'))
    version = text.partition('version = "')[2].partition('"')[0]
    try:
        done = project.snakemake("-n", library=library(f"7.{version}"))
    finally:
        (project.folder / "pyproject.toml").unlink()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing to be done" in done.stdout + done.stderr


@pytest.fixture
def installed(project, library):
    """Folder of a workflow that is installed in its library, as a wheel brings it."""
    shipped = library("0.1.0") / "ferronhall" / "shipped"
    shipped.mkdir()
    for part in PACKED:
        copy = shutil.copytree if (project.folder / part).is_dir() else shutil.copy2
        copy(project.folder / part, shipped / part)
    return shipped


def test_an_installed_workflow_runs_with_the_library_that_it_came_with(
    project, installed, tmp_path
):
    site = installed.parents[1]
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "Snakefile").write_text(
        "from ferronhall.base import shipped\ninclude: shipped.snakefile()\n"
    )
    where = {"cwd": tmp_path / "mine", "library": site}
    done = project.snakemake("parameters", "--cores", "1", **where)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "mine" / "results" / "tiny" / "parameters.nc").is_file()


def test_an_installed_workflow_runs_with_no_other_library(project, installed, tmp_path):
    where = ["--snakefile", str(installed / "Snakefile"), "--directory", str(tmp_path)]
    done = project.snakemake("-n", *where)
    own, other = installed.parent, project.folder / "src" / "ferronhall"
    refused(done, f"'{own}'", f"'{other}'", f"PYTHONPATH={own.parent} snakemake")
    again = project.snakemake("-n", "parameters", *where, library=own.parent)
    assert again.returncode == 0, again.stdout + again.stderr
