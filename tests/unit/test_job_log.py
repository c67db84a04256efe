"""A job's log, a second copy of the job, and a second try of it."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from ferronhall.base.errors import ConfigError, TheoryError, TrajectoryInterruptedError
from ferronhall.base.job_log import JobLog
from ferronhall.base.script import job


def snakemake(path, attempt=1):
    return SimpleNamespace(threads=1, log=[path], params={}, resources={"attempt": attempt})


def tried(path, attempt, error):
    """Run a body that raises; returns whether it was reached."""
    reached = []
    with pytest.raises(SystemExit) as ended, job(snakemake(path, attempt)):
        reached.append(attempt)
        raise error
    assert ended.value.code == 1
    return bool(reached)


def test_an_error_that_would_come_again_is_not_met_twice(tmp_path, capsys):
    path = tmp_path / "0000.log"
    assert tried(path, 1, TheoryError("no solution at 2000 K"))
    assert not tried(path, 2, TheoryError("never raised"))
    assert not tried(path, 3, TheoryError("never raised"))
    assert capsys.readouterr().err.count("error: no solution at 2000 K") == 3
    assert "no solution at 2000 K" in path.read_text()


def test_the_next_run_tries_again(tmp_path):
    path = tmp_path / "0000.log"
    assert tried(path, 1, ConfigError("wrong"))
    with job(snakemake(path)) as log:
        log("done")
    assert tried(path, 2, ConfigError("wrong"))


def test_what_may_pass_is_tried_again(tmp_path):
    path = tmp_path / "0000.log"
    assert tried(path, 1, TrajectoryInterruptedError("wall limit"))
    assert tried(path, 2, TrajectoryInterruptedError("wall limit"))


def test_a_second_copy_leaves_the_first_ones_lines(tmp_path):
    path = tmp_path / "0000.log"
    first = JobLog(path)
    first.begin()
    first("first: half way")
    code = f"from ferronhall.base.job_log import JobLog; JobLog({str(path)!r})('second: stops')"
    subprocess.run([sys.executable, "-c", code], check=True)
    first("first: done")
    first.close()
    assert path.read_text().splitlines() == ["first: half way", "second: stops", "first: done"]


def test_a_job_that_is_alone_keeps_its_own_lines_only(tmp_path):
    path = tmp_path / "0000.log"
    path.write_text("the run before\n")
    log = JobLog(path)
    log("takes over")
    log.begin()
    log("runs")
    log.close()
    assert path.read_text().splitlines() == ["takes over", "runs"]
