"""The generic profile's status command, with a stand-in for PBS's."""

import os
import subprocess

import pytest

from tests.conftest import ROOT

STATUS = ROOT / "workflow" / "profiles" / "generic" / "status.sh"
UNKNOWN = "echo 'qstat: Unknown Job Id 7.pbs' >&2; exit 153"
NO_HISTORY = """
case $1 in -x) echo 'qstat: PBS is not configured to maintain job history' >&2; exit 1 ;; esac
"""
ANSWERS = {
    "queued": ("echo '    job_state = Q'", "running"),
    "succeeded": ("printf '    job_state = F\\n    Exit_status = 0\\n'", "success"),
    "failed": ("printf '    job_state = F\\n    Exit_status = 271\\n'", "failed"),
    "busy": ("echo 'qstat: cannot connect to server' >&2; exit 111", "running"),
    "running without history": (f"{NO_HISTORY} echo '    job_state = R'", "running"),
}


class Submitted:
    """A job that was submitted, in a working folder of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.outputs = [folder / name for name in ("minus.nc", "plus.nc")]
        self.record = folder / ".snakemake" / "submitted" / "7.pbs"
        self.record.parent.mkdir(parents=True)
        self.record.write_text("minus.nc\nplus.nc\n")
        os.utime(self.record, (1000, 1000))

    def write(self, path, time):
        path.touch()
        os.utime(path, (time, time))

    def status(self, qstat):
        """What the profile's command prints while qstat answers so."""
        program = self.folder / "qstat"
        program.write_text(f"#!/bin/sh\n{qstat}\n")
        program.chmod(0o755)
        environment = os.environ | {"PATH": f"{self.folder}{os.pathsep}{os.environ['PATH']}"}
        done = subprocess.run(
            [STATUS, "7.pbs"], cwd=self.folder, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0
        return done.stdout.strip()


@pytest.fixture
def submitted(tmp_path):
    """Without outputs yet."""
    return Submitted(tmp_path)


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_job_the_scheduler_knows(submitted, answer):
    qstat, status = ANSWERS[answer]
    assert submitted.status(qstat) == status


@pytest.mark.parametrize("qstat", [UNKNOWN, f"{NO_HISTORY} {UNKNOWN}"], ids=["unknown", "refused"])
def test_a_forgotten_job_whose_outputs_are_there_has_succeeded(submitted, qstat):
    for output in submitted.outputs:
        submitted.write(output, 1001)
    assert submitted.status(qstat) == "success"


def test_a_forgotten_job_without_them_fails_after_a_while(submitted):
    submitted.write(submitted.outputs[0], 1001)
    assert submitted.status(UNKNOWN) == "running"
    begun = submitted.record.with_name("7.pbs.over")
    begun.write_text(str(int(begun.read_text()) - 61))
    assert submitted.status(UNKNOWN) == "failed"
    submitted.write(submitted.outputs[1], 1001)
    assert submitted.status(UNKNOWN) == "success"


def test_outputs_older_than_the_submission_are_not_the_jobs(submitted):
    for output in submitted.outputs:
        submitted.write(output, 999)
    assert submitted.status(UNKNOWN) == "running"


def test_a_forgotten_job_nobody_noted_has_failed(submitted):
    submitted.record.unlink()
    assert submitted.status(UNKNOWN) == "failed"
