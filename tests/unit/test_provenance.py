"""The commit in a result is that of the library, not of a repository around it."""

import re
import subprocess

import pytest

from ferronhall.base import provenance
from tests.conftest import ROOT


def git(folder, *arguments):
    author = ("-c", "user.name=a", "-c", "user.email=a@b")
    command = ["git", *author, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def thesis(tmp_path):
    """A repository with one commit, and an unpacked library in a folder of it."""
    module = tmp_path / "hall" / "src" / "ferronhall" / "base" / "provenance.py"
    module.parent.mkdir(parents=True)
    module.write_text("")
    git(tmp_path, "init", "-q")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "thesis")
    return module


def test_a_release_inside_another_repository(thesis):
    assert provenance._commit(thesis) == "unknown"
    git(thesis.parents[4], "add", ".")
    git(thesis.parents[4], "commit", "-q", "-m", "with the library")
    assert provenance._commit(thesis) == "unknown"


def test_a_library_installed_inside_another_repository(thesis):
    top = thesis.parents[4]
    packages = top / ".venv" / "lib" / "python3.11" / "site-packages" / "ferronhall" / "base"
    packages.mkdir(parents=True)
    assert provenance._commit(packages / "provenance.py") == "unknown"


def test_a_clone_inside_another_repository(thesis):
    clone = thesis.parents[3]
    git(clone, "init", "-q")
    git(clone, "add", ".")
    git(clone, "commit", "-q", "-m", "library")
    head = git(clone, "rev-parse", "--short=12", "HEAD")
    assert provenance._commit(thesis) == head
    thesis.write_text("x = 1\n")
    assert provenance._commit(thesis) == f"{head}-dirty"


def test_inside_a_hook_of_another_repository(thesis, monkeypatch):
    monkeypatch.setenv("GIT_DIR", str(thesis.parents[4] / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(thesis.parents[3]))
    assert provenance._commit(thesis) == "unknown"


def test_without_git(thesis, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert provenance._commit(thesis) == "unknown"


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a clone")
def test_a_clone_tells_its_commit():
    assert re.fullmatch(r"\S*[0-9a-f]{12}(-dirty)?", provenance._commit())
