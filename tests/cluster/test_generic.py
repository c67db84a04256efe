"""The generic profile as it stands, with stand-ins for the commands of PBS."""

import importlib.util
import os
import subprocess
import sys

import pytest
import yaml

from tests.workflow.conftest import TINY

pytestmark = pytest.mark.cluster

QSUB = """#!/bin/sh
echo "$@" >> {folder}/submitted
for script; do :; done
id=$(date +%s%N).pbs
(sh "$script"; echo $? > {folder}/$id) > {folder}/$id.output 2>&1 &
echo $id
"""
QSTAT = """#!/bin/sh
for id; do :; done
if [ -s {folder}/$id ]; then
    printf '    job_state = F\\n    Exit_status = %s\\n' "$(cat {folder}/$id)"
else
    printf '    job_state = R\\n'
fi
"""
FORGETFUL = """#!/bin/sh
for id; do :; done
if [ -s {folder}/$id ]; then
    echo "qstat: Unknown Job Id $id" >&2
    exit 153
fi
printf '    job_state = R\\n'
"""


@pytest.mark.parametrize("qstat", [QSTAT, FORGETFUL], ids=["history", "no history"])
def test_a_campaign_runs_through_submit_and_status_commands(folder, tmp_path, qstat):
    if not importlib.util.find_spec("snakemake_executor_plugin_cluster_generic"):
        pytest.skip("no snakemake-executor-plugin-cluster-generic: pip install -e '.[cluster]'")
    for name, text in (("qsub", QSUB), ("qstat", qstat)):
        (tmp_path / name).write_text(text.format(folder=tmp_path), encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    config = folder / "config" / "generic.yaml"
    config.write_text(
        yaml.safe_dump(TINY | {"campaign": tmp_path.name, "ensemble": {"replicas": 1}})
    )
    command = [sys.executable, "-m", "snakemake", "ensemble", "--configfile", str(config)]
    command += ["--workflow-profile", "workflow/profiles/generic", "--latency-wait", "20"]
    command += ["--seconds-between-status-checks", "2", "--jobs", "2", "--set-threads", "twin=2"]
    environment = os.environ | {
        "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(folder / "src"),
    }
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (folder / "results" / tmp_path.name / "ensemble.nc").exists()
    submitted = (tmp_path / "submitted").read_text().splitlines()
    # the compilation, the replica, and the averages of its twin
    assert len(submitted) == 3
    for line in submitted:
        cores = 2 if ".twin." in line else 1
        assert f"-q workq -l select=1:ncpus={cores}:mem=" in line
        assert "-l walltime=00:" in line
