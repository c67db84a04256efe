"""Processes are told from one another, and the living from the dead."""

import os
import subprocess
import sys
from dataclasses import replace

from ferronhall.base import process
from ferronhall.base.process import Process


def test_this_process_lives_and_no_other_has_its_number():
    this = Process.this()
    assert this.number == os.getpid() and this.alive is True
    assert replace(this, started=this.started + 1).alive is False
    assert Process.from_label(this.label) == replace(this, host="")
    assert "." not in this.label


def test_another_process_lives_until_it_ends():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        found = replace(
            Process.this(), number=child.pid, started=process._state_and_start(child.pid)[1]
        )
        assert found.alive is True
        child.kill()
        # not waited for: a zombie, whose number is still taken
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert found.alive is False
    assert found.alive is False


def test_nothing_is_known_of_another_machine():
    assert replace(Process.this(), machine="0123abcd").alive is None


def test_a_process_that_proc_does_not_show(monkeypatch):
    monkeypatch.setattr(process, "_state_and_start", lambda number: None)
    this = Process.this()
    assert this.alive is True
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
    assert replace(this, number=child.pid).alive is False


def test_other_texts_name_no_process():
    for text in ("", "k1ll3d", "a-b-c", "a-1", "a-1-2-3", "a-1-"):
        assert Process.from_label(text) is None
