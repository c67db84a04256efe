"""A wheel of the library, installed into an environment of its own and used away from the clone."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT
from tests.workflow.conftest import PARTS, TINY

pytestmark = pytest.mark.wheel

SOURCES = ("pyproject.toml", "setup.py", "README.md", "LICENSE", *PARTS)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SMALL = TINY | {
    "campaign": "slab",
    "ensemble": {"replicas": 1, "harmonic_twin": False},
    "balances": {"enabled": False},
    "laboratory": {"temperatures_K": []},
}
"""A campaign of few jobs."""

CHECK = "import sys; from ferronhall.campaign.config import load_config; load_config(sys.argv[1])"


def copy(part, target):
    """Copy a file or folder of the clone, without what running or installing it left there."""
    if (ROOT / part).is_dir():
        ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
        shutil.copytree(ROOT / part, target, ignore=ignored)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / part, target)


class Installation:
    """The wheel's environment, and a folder of a user's own with none of the sources in it."""

    def __init__(self, folder):
        self.home = folder / "home"
        self.home.mkdir()
        # built from a copy: setuptools packs what an earlier build left beside pyproject.toml
        for part in SOURCES:
            copy(part, folder / "sources" / part)
        pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
        self._succeed(*pip, "--wheel-dir", folder, folder / "sources")
        (self.wheel,) = folder.glob("*.whl")
        shutil.rmtree(folder / "sources")
        self._succeed(sys.executable, "-m", "venv", folder / "environment")
        self.programs = folder / "environment" / "bin"
        install = [self.programs / "pip", "install", "--quiet", "--no-compile"]
        self._succeed(*install, "-c", ROOT / "envs" / "constraints.txt", self.wheel)

    def run(self, program, *arguments, cwd="."):
        """Run a program of the environment in the user's folder; the completed process."""
        return self._run(self.programs / program, *arguments, cwd=cwd)

    def _run(self, *command, cwd="."):
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        return subprocess.run(
            list(map(str, command)),
            cwd=self.home / cwd,
            env=environment,
            capture_output=True,
            text=True,
        )

    def _succeed(self, *command):
        done = self._run(*command)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def installation():
    """One for all tests; deleted afterwards, for its libraries take most of a gigabyte."""
    with tempfile.TemporaryDirectory() as folder:
        yield Installation(Path(folder))


@pytest.fixture(scope="module")
def home(installation):
    """The user's folder with the demo's configuration, its material and a data set."""
    home = installation.home
    for part in ("config/config.yaml", "config/materials/batio3.yaml"):
        copy(part, home / part)
    copy("data/batio3-pbesol", home / "data" / "mine")
    return home


def edited(home, name, **changes):
    """Name of a configuration in home with other values than the demo's."""
    content = yaml.safe_load((home / "config" / "config.yaml").read_text(encoding="utf-8"))
    (home / name).write_text(yaml.safe_dump(content | changes), encoding="utf-8")
    return name


def files_of(part):
    """Files of a part of the clone, without what running or installing it left there."""
    path = ROOT / part
    found = {path} if path.is_file() else {p for p in path.rglob("*") if p.is_file()}
    return {p for p in found if not any(q == "__pycache__" or "egg-info" in q for q in p.parts)}


def test_it_holds_every_file_of_the_library_and_of_the_workflow(installation):
    wanted = set()
    for part in PARTS:
        root, place = (ROOT / "src", "") if part == "src" else (ROOT, "ferronhall/shipped/")
        wanted |= {f"{place}{p.relative_to(root).as_posix()}" for p in files_of(part)}
    with zipfile.ZipFile(installation.wheel) as wheel:
        packed = {name for name in wheel.namelist() if not name.partition("/")[0].endswith("-info")}
    assert packed == wanted


def test_a_source_distribution_makes_the_same_wheel(installation, tmp_path):
    """That of PyPI, from which the conda recipe builds."""
    for part in SOURCES:
        copy(part, tmp_path / "sources" / part)
    assert installation.run("pip", "install", "--quiet", "setuptools>=77").returncode == 0
    code = "from setuptools import build_meta; build_meta.build_sdist('dist')"
    done = installation.run("python", "-c", code, cwd=tmp_path / "sources")
    assert done.returncode == 0, done.stderr
    (source,) = (tmp_path / "sources" / "dist").glob("ferronhall-*.tar.gz")
    build = ["wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path]
    done = installation.run("pip", *build, source)
    assert done.returncode == 0, done.stderr
    (made,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(made) as ours, zipfile.ZipFile(installation.wheel) as theirs:
        assert sorted(ours.namelist()) == sorted(theirs.namelist())


def test_the_library_in_use_is_the_installed_one(installation):
    done = installation.run("python", "-c", "import ferronhall; print(ferronhall.__file__)")
    assert Path(done.stdout.strip()).is_relative_to(installation.programs.parent)


@pytest.mark.parametrize("command", PROJECT["scripts"])
def test_every_command_starts(installation, command):
    done = installation.run(command, "--help")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"usage: {command}")


def test_a_configuration_is_checked(installation, home):
    done = installation.run("python", "-c", CHECK, "config/config.yaml")
    assert done.returncode == 0, done.stderr
    wrong = edited(home, "wrong.yaml", latice={"nx": 31})
    done = installation.run("python", "-c", CHECK, wrong)
    assert done.returncode != 0
    assert "latice: unknown key (did you mean lattice?)" in done.stderr


def test_a_material_is_made_and_accepted(installation, home):
    done = installation.run("ferronhall-material", "data/mine/dataset.yaml", "made.yaml")
    assert done.returncode == 0, done.stderr
    assert "BaTiO3: soft mode" in done.stdout
    names = {"material": "made.yaml", "short_range": {"preset": "dft-gaussian"}}
    done = installation.run("python", "-c", CHECK, edited(home, "mine.yaml", **names))
    assert done.returncode == 0, done.stderr


def test_a_campaign_begun_by_the_command_runs_away_from_the_clone(installation):
    home = installation.home
    begun = installation.run("ferronhall", "new", "slab")
    assert begun.returncode == 0, begun.stderr
    file = home / "slab" / "config" / "config.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert content["campaign"] == "slab"
    file.write_text(yaml.safe_dump(SMALL), encoding="utf-8")
    checked = installation.run("ferronhall", "check", "config/config.yaml", cwd="slab")
    assert checked.returncode == 0, checked.stderr
    assert "7 x 5 x 1 cells of BaTiO3" in checked.stdout

    done = installation.run("snakemake", "--cores", "2", cwd="slab")
    assert done.returncode == 0, done.stdout + done.stderr
    results = home / "slab" / "results" / "slab"
    for made in ("figures/fig3.pdf", "tables/summary.md", "tables/tableS2.csv", "phonons.nc"):
        assert (results / made).is_file(), made
    again = installation.run("snakemake", "-n", cwd="slab")
    assert "Nothing to be done" in again.stdout + again.stderr
    shown = installation.run("ferronhall", "open", "results/slab", cwd="slab")
    assert shown.returncode == 0, shown.stderr
    assert (results / "tables" / "summary.md").read_text(encoding="utf-8").strip() in shown.stdout

    # the log's command runs as it stands, from the campaign's folder
    log = (results / "logs" / "trajectories" / "0000.log").read_text(encoding="utf-8")
    command = next(line for line in log.splitlines() if line.startswith("snakemake "))
    rerun = installation.run("snakemake", "-n", *shlex.split(command)[1:], cwd="slab")
    assert rerun.returncode == 0, rerun.stdout + rerun.stderr
    assert re.search(r"^trajectory +1$", rerun.stdout, re.MULTILINE), rerun.stdout
