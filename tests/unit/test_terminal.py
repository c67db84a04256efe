"""On a terminal a campaign shows a line a stage; elsewhere Snakemake's output stays as it is."""

import os
import pty
import re
import signal
import subprocess
import sys
import time
from functools import partial

import pytest

from ferronhall.base.progress import Progress
from ferronhall.campaign import terminal

SNAKEFILE = """
from ferronhall.campaign import run_state, terminal
from ferronhall.campaign.makespan import Task

terminal.attach(workflow.output_settings)

rule all:
    input: "results/mine/ensemble.nc"

rule ensemble:
    input: expand("results/mine/trajectories/{n}.nc", n=range(3))
    output: "results/mine/ensemble.nc"
    shell: "touch {output}"

rule trajectory:
    output: "results/mine/trajectories/{n}.nc"
    shell: "test ! -e bad; test ! -e hot || python hot; touch {output}"

onstart:
    jobs = {f"trajectories/{n}": run_state.Expected("trajectories", Task(2.0)) for n in range(3)}
    last = {"ensemble": run_state.Expected("ensemble", Task(1.0, after=tuple(jobs)))}
    run_state.begin("mine", jobs | last, 1)
"""
WARNING = """
from ferronhall.base.job_log import JobLog

JobLog("hot.log")("the slab is hot", warn=True)
"""
LOG = "compiled\nreplica 0003:   4.9 %, 5.0 ps, 58.2 µs a substep, 60 s left\n"
SNAKEMAKE = [sys.executable, "-m", "snakemake", "--cores", "1"]


@pytest.fixture
def here(tmp_path):
    (tmp_path / "Snakefile").write_text(SNAKEFILE, encoding="utf-8")
    return tmp_path


def on_a_terminal(folder, *arguments, meanwhile=lambda process: None):
    """(exit status, what stands on the terminal in the end, all that was written) of a run."""
    ours, theirs = pty.openpty()
    options = {"cwd": folder, "stdout": theirs, "stderr": theirs, "start_new_session": True}
    # what runs in the background, as these tests may, has Ctrl-C switched off
    options["preexec_fn"] = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    process = subprocess.Popen([*SNAKEMAKE, *arguments], **options)
    os.close(theirs)
    meanwhile(process)
    written = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            # the terminal of a process that has ended
            break
        if not part:
            break
        written += part
    os.close(ours)
    text = re.sub(r"\x1b\[\d*m", "", written.decode())
    lines = [re.sub(r".*\r\x1b\[K", "", line.rstrip("\r")) for line in text.split("\n")]
    return process.wait(), "\n".join(lines), text


def test_each_stage_leaves_a_line(here):
    status, shown, written = on_a_terminal(here)
    assert status == 0, shown
    lines = [line for line in shown.splitlines() if re.search(r"\d done", line)]
    assert [line.split() for line in lines] == [
        ["trajectories", "3", "done"],
        ["ensemble", "1", "done"],
    ]
    assert "rule trajectory:" not in shown and "Job stats" not in shown
    # while they ran, on the line that has been written over
    assert "0 of 4 jobs, 0 min 07 s left; trajectories 1 running, 2 left" in written
    assert " left" not in shown
    # the whole log is in its file, and its place is told
    log = re.search(r"Complete log\(s\): (\S+)", shown)[1]
    with open(log, encoding="utf-8") as file:
        assert file.read().count("rule trajectory:") == 3


def test_what_fails_is_told_as_ever(here):
    (here / "bad").touch()
    status, shown, _ = on_a_terminal(here)
    assert status == 1
    assert "Error in rule trajectory" in shown


INTERRUPTED = """
import sys
from ferronhall.campaign import interruption

interruption.watch()

onerror:
    print(interruption.words("mine") if interruption.interrupted() else "failed", file=sys.stderr)
"""


def test_what_is_interrupted_is_no_error(here):
    with open(here / "Snakefile", "a", encoding="utf-8") as file:
        file.write(INTERRUPTED)
    (here / "hot").write_text("import pathlib, time\npathlib.Path('begun').touch()\ntime.sleep(60)")

    def interrupt(process):
        while not (here / "begun").exists():
            time.sleep(0.05)
        # as a terminal does: all that runs in it
        os.killpg(process.pid, signal.SIGINT)

    status, shown, _ = on_a_terminal(here, meanwhile=interrupt)
    assert status == 1
    assert "campaign 'mine' interrupted; results of finished jobs" in shown
    assert "Error in rule" not in shown and "failed" not in shown
    log = re.search(r"Complete log\(s\): (\S+)", shown)[1]
    with open(log, encoding="utf-8") as file:
        assert "Error in rule trajectory" in file.read()


def test_a_warning_of_a_job_has_a_line_of_its_own(here):
    (here / "hot").write_text(WARNING, encoding="utf-8")
    status, _, written = on_a_terminal(here)
    assert status == 0
    assert len(re.findall(r"\r\x1b\[Kwarning: the slab is hot\r?\n", written)) == 3


def test_a_narrow_terminal_leaves_out_whole_words(here, monkeypatch):
    monkeypatch.setenv("COLUMNS", "50")
    _, _, written = on_a_terminal(here)
    told = re.findall(r"\x1b\[K(\d of 4 [^\r\n]*)", written)
    assert "0 of 4 jobs, 0 min 07 s left; trajectories 1 ..." in told
    assert max(map(len, told)) < 50


@pytest.mark.parametrize("asked", ["--dry-run", "--printshellcmds"])
def test_a_user_who_asks_for_more_has_it(here, asked):
    _, shown, _ = on_a_terminal(here, asked)
    assert "rule trajectory:" in shown
    assert "trajectories " not in shown


def test_a_pipe_has_snakemakes_own_output(here):
    done = subprocess.run(SNAKEMAKE, cwd=here, capture_output=True, text=True, check=True)
    assert done.stderr.count("rule trajectory:") == 3
    assert "Job stats" in done.stderr and "\x1b" not in done.stderr
    assert " 3 done" not in done.stderr


def test_the_end_of_a_replicas_log_says_how_far_it_is(tmp_path):
    log = tmp_path / "0003.log"
    assert terminal.tail(str(log)) == "" and terminal.tail(None) == ""
    for text, part in ((LOG, "4.9"), (LOG + LOG.replace("  4.9", "100.0"), "100.0")):
        log.write_text(text, encoding="utf-8")
        assert terminal.PART.search(terminal.tail(str(log)))[1] == part
    log.write_text(LOG + "done\n", encoding="utf-8")
    assert not terminal.PART.search(terminal.tail(str(log)))


def test_that_is_how_a_replica_writes_it(tmp_path):
    lines = []
    Progress("replica 0003", 0.0025, 0, 400, lines.append).report(400)
    log = tmp_path / "0003.log"
    log.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    assert terminal.PART.search(terminal.tail(str(log)))[1] == "100.0"
