"""Trajectories on a GPU in the plan: which jobs, what reruns, and what is said without one."""

import importlib.util
import re

import pytest

from tests.workflow.conftest import refused


def test_another_engine_reruns_nothing(project):
    with project.configured(engine="gpu"):
        assert project.planned() == {}


def test_what_is_to_run_runs_in_batches(project):
    """Finished replicas stay as they are: a job makes those of its batch that are not there."""
    with project.configured(engine="gpu", gpu_batch=3, ensemble={"replicas": 7}):
        done = project.snakemake("--dry-run", "trajectories")
    made = re.findall(r"rule trajectory_batch_(\d+):.*?output: (.*?)\n", done.stdout, re.DOTALL)
    found = {number: set(re.findall(r"zero/(\d+)\.nc", files)) for number, files in made}
    assert found == {"0000": {"0002"}, "0001": {"0003", "0004", "0005"}, "0002": {"0006"}}
    assert "gpu=1" in done.stdout and "Cost: not known. With engine: gpu" in done.stdout


def test_batches_of_one_are_the_rule_of_a_replica(project):
    """Which a cluster submits as a job array."""
    with project.configured(engine="gpu", gpu_batch=1, ensemble={"replicas": 4}):
        assert project.planned("trajectories") == {"trajectory": 2}


@pytest.mark.skipif(
    importlib.util.find_spec("numba_cuda") is not None, reason="the extra gpu is installed"
)
def test_without_the_extra_nothing_starts(project):
    before = project.results()
    with project.configured(engine="gpu", ensemble={"replicas": 3}):
        done = project.snakemake("--cores", "1", "trajectories")
    refused(done, "engine: gpu needs the extra", "pip install", "set engine: cpu")
    assert project.results() == before
