"""A test cluster and a copy of the project whose campaigns run on it."""

import importlib.util
import signal
import subprocess
import sys
import time

import pytest
import yaml

from tests.cluster import slurm
from tests.workflow.conftest import TINY, Project

TIMEOUT_S = 150


class Cluster(Project):
    """A copy of the project whose Slurm profile was edited as its user would."""

    def __init__(self, folder, machine):
        super().__init__(folder)
        self.machine = machine
        profile = folder / "workflow" / "profiles" / "slurm" / "config.yaml"
        content = yaml.safe_load(profile.read_text(encoding="utf-8"))
        content["default-resources"]["slurm_partition"] = "test"
        # there is no accounting here, so no account either
        del content["default-resources"]["slurm_account"]
        profile.write_text(yaml.safe_dump(content), encoding="utf-8")

    def campaign(self, name, replicas, meanwhile=lambda: None):
        """Run a campaign on the cluster, calling `meanwhile` ever again; returns what it printed.

        Its trajectories are small but long: each is under way for seconds.
        """
        config = self.folder / "config" / f"{name}.yaml"
        time_ = TINY["time"] | {"t_max_ps": 601.0, "samples_per_block": 2000}
        changes = {"campaign": name, "time": time_, "ensemble": {"replicas": replicas}}
        config.write_text(yaml.safe_dump(TINY | changes))
        output = self.folder / f"{name}.output"
        command = [sys.executable, "-m", "snakemake", "--configfile", str(config)]
        command += ["--workflow-profile", "workflow/profiles/slurm"]
        # the profile's waiting times suit clusters where jobs take hours
        command += ["--slurm-init-seconds-before-status-checks", "1", "--latency-wait", "20"]
        command += ["--seconds-between-status-checks", "1", "--slurm-no-account"]
        environment = self.machine.environment | {"PYTHONPATH": str(self.folder / "src")}
        with open(output, "wb") as stream:
            process = subprocess.Popen(
                command, cwd=self.folder, env=environment, stdout=stream, stderr=stream
            )
        end = time.monotonic() + TIMEOUT_S
        try:
            while process.poll() is None and time.monotonic() < end:
                meanwhile()
                time.sleep(0.1)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                process.wait(60)
        printed = output.read_text(encoding="utf-8", errors="replace")
        assert process.returncode == 0, f"{printed}\n{self.machine.report()}"
        return printed


@pytest.fixture(scope="session")
def machine(tmp_path_factory):
    """A running Slurm of one node."""
    reason = slurm.missing()
    if not importlib.util.find_spec("snakemake_executor_plugin_slurm"):
        reason = "no snakemake-executor-plugin-slurm: pip install -e '.[cluster]'"
    if reason:
        pytest.skip(reason)
    machine = slurm.Slurm(tmp_path_factory.mktemp("slurm"))
    try:
        machine.start()
        yield machine
    finally:
        machine.stop()


@pytest.fixture(scope="session")
def cluster(tmp_path_factory, machine):
    """The project on the cluster."""
    return Cluster(tmp_path_factory.mktemp("project"), machine)


@pytest.fixture(scope="session")
def calm(cluster):
    """What a campaign printed that nothing disturbed."""
    return cluster.campaign("calm", replicas=2)
