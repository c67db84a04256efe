"""A copy of the project with one finished tiny campaign, shared by the workflow tests."""

import os
import re
import shutil
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from ferronhall.campaign.config import validate
from ferronhall.engine.trajectory import compile_kernels
from ferronhall.model.model import Model
from tests.conftest import made_once
from tests.workflow.forks import Snakemake

ROOT = Path(__file__).resolve().parents[2]
SNAKEMAKE = Snakemake()
PARTS = ("Snakefile", "CITATION.cff", "workflow", "config", "data", "envs", "profiles", "src")


class Project:
    """A copy of the project, made where there is none yet, and Snakemake runs in it."""

    def __init__(self, folder):
        self.folder = folder
        if (folder / "Snakefile").exists():
            return
        for part in PARTS:
            ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy2
            options = {"ignore": ignored} if (ROOT / part).is_dir() else {}
            copy(ROOT / part, folder / part, **options)
        # what a job costs is told by a timing, which here may be rough
        estimate = folder / "src" / "ferronhall" / "campaign" / "estimate.py"
        text = estimate.read_text(encoding="utf-8")
        assert "_TIMED_S = 0.4" in text
        estimate.write_text(text.replace("_TIMED_S = 0.4", "_TIMED_S = 0.02"), encoding="utf-8")
        # compiled of the same sources, if they are compiled
        kernels = Path("src", "ferronhall", "engine", "kernels", "__pycache__")
        if (ROOT / kernels).exists():
            shutil.copytree(ROOT / kernels, folder / kernels)

    def snakemake(self, *arguments, cwd=None, library=None):
        """Run snakemake with arguments, here or elsewhere; returns the completed process.

        library : the folder ferronhall is imported from, if not the project's own
        """
        # byte code of the copy goes with the copy, whatever the machine's rule is
        environment = os.environ | {"PYTHONDONTWRITEBYTECODE": ""}
        environment["PYTHONPATH"] = str(library or self.folder / "src")
        return SNAKEMAKE.run(arguments, str(cwd or self.folder), environment)

    def run(self, *arguments):
        """A run that has to succeed."""
        done = self.snakemake("--cores", "2", *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    def jobs(self, *arguments):
        """rule → number of jobs that a dry run would start.

        The timing behind the campaign's cost, which a dry run prints, is left out.
        """
        with self.edited("workflow/rules/summary.smk", "if workflow.is_main_process:", "if False:"):
            done = self.snakemake("--dry-run", *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        table = done.stdout.rpartition("Job stats:")[2]
        return {rule: int(n) for rule, n in re.findall(r"^(\w+) +(\d+)$", table, re.MULTILINE)}

    def planned(self, *arguments):
        """The same without the target rules.

        The page, which shows everything and so follows whatever runs, is left out too.
        """
        targets = "all total trajectories figures tables balances scans phonons".split()
        targets += ["second_order", "bond_polarization", "laboratory", "page"]
        targets += ["figS1", "density_fluorite", "density_perovskite", "second_order_polarization"]
        return {rule: n for rule, n in self.jobs(*arguments).items() if rule not in targets}

    def copied(self, folder):
        """A copy of the project with its results, for a test that changes them for good."""
        return Project(shutil.copytree(self.folder, folder))

    @contextmanager
    def updated(self, *files):
        """The project with code in modules that changes nothing they do, undone afterwards."""
        before = {self.folder / file: (self.folder / file).read_bytes() for file in files}
        try:
            for path, content in before.items():
                path.write_bytes(content + b"\n\n_UPDATED = 1\n")
            yield
        finally:
            for path, content in before.items():
                path.write_bytes(content)

    @contextmanager
    def forgotten(self):
        """The project without Snakemake's records, which come back afterwards.

        Times decide then, and what another test has made again, as it was, is no newer than the
        rest.
        """
        now = time.time()
        for path in (self.folder / "results").rglob("*"):
            os.utime(path, (now, now))
        records = self.folder / ".snakemake"
        away = records.with_name("away")
        records.rename(away)
        try:
            yield
        finally:
            shutil.rmtree(records, ignore_errors=True)
            away.rename(records)

    @contextmanager
    def edited(self, file, old, new):
        """The project with a change of text in one file, undone afterwards."""
        path = self.folder / file
        before = path.read_text(encoding="utf-8")
        assert old in before, f"{old!r} is no longer in {file}"
        path.write_text(before.replace(old, new, 1), encoding="utf-8")
        try:
            yield
        finally:
            path.write_text(before, encoding="utf-8")

    @contextmanager
    def configured(self, **groups):
        """The project with other values in config/config.yaml, undone afterwards."""
        path = self.folder / "config" / "config.yaml"
        before = path.read_text(encoding="utf-8")
        content = yaml.safe_load(before)
        for group, values in groups.items():
            both = isinstance(values, dict)
            content[group] = content.get(group, {}) | values if both else values
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
        try:
            yield
        finally:
            path.write_text(before, encoding="utf-8")

    def results(self, campaign="tiny"):
        """File → (content, modification time) of a campaign's results, logs left out."""
        folder = self.folder / "results" / campaign
        return {
            str(p.relative_to(folder)): (p.read_bytes(), p.stat().st_mtime_ns)
            for p in sorted(folder.rglob("*"))
            if p.is_file() and p.relative_to(folder).parts[0] not in ("logs", "benchmarks")
        }


TINY = {
    "campaign": "tiny",
    "lattice": {"nx": 7, "ny": 5, "nz": 1},
    "temperature": {"T_hot_K": 50.0, "T_cold_K": 1.0e-4},
    "damping": {"sponge_layers": 2},
    "field": {"omega_B_rad_per_ps": 80.0},
    "time": {
        "t_max_ps": 2.0,
        "t_equil_ps": 1.0,
        "sample_every_steps": 2,
        "samples_per_block": 50,
    },
    "ensemble": {"replicas": 2},
    "laboratory": {"temperatures_K": [100.0]},
}


@pytest.fixture(scope="session")
def project(tmp_path_factory):
    """The project with its campaign "tiny" finished, which one of all test processes runs."""

    def finish(folder):
        # here, where all tests take them from, and Project copies them
        config = validate(TINY, ROOT)
        compile_kernels(Model.from_config(config), config)
        first = Project(folder)
        content = yaml.safe_dump(TINY)
        (folder / "config" / "config.yaml").write_text(content, encoding="utf-8")
        first.run()

    return Project(made_once(tmp_path_factory, "finished", finish))


def refused(done, *words):
    """Assert that a command ended with a message that holds the words, and without a traceback."""
    text = done.stdout + done.stderr
    assert done.returncode != 0
    assert "Traceback" not in text, text
    for word in words:
        assert word in text
