"""Snakemake's output on a terminal: a line a stage in place of a block a job.

A stage that is done leaves its line; the last line tells what runs and how long the rest takes.
Warnings and errors are shown as ever, but those of jobs that the user interrupts, and the whole log
is in its file. Where stderr is no terminal, or more or less than the usual was asked for,
Snakemake's own output stays.

This takes the place of one handler of Snakemake's log and is no plugin of it: a profile that names
a plugin stops where that is missing, before the workflow could say which library is.
"""

import itertools
import logging
import os
import re
import shutil
import textwrap
import threading

from snakemake.logging import logger
from snakemake_interface_logger_plugins.common import LogEvent

from ferronhall.base.job_log import ERASE
from ferronhall.campaign import interruption, run_state

REFRESH_S = 1.0
READ_EVERY = 10
"""Refreshes from one look at the logs of running jobs to the next: as often as a replica writes."""

PART = re.compile(r"(\d+\.\d) %, .* left\s*$")
"""What a replica's log ends with while it runs."""

MORE = " ..."
"""In place of the words that a line has no room for."""

USUAL = (
    "Assuming unrestricted",
    "Building DAG",
    "Execute ",
    "Provided cores",
    "Rules claiming",
    "Select jobs",
    "Submitted ",
    "Using shell",
    "host:",
)
SUBMITTED = "has been submitted"
"""How messages begin that every run has, and what is said of every job of a scheduler."""


def attach(asked):
    """Take over the terminal, where there is one.

    asked : snakemake's OutputSettings
        What the user wants to see; with a dry run, --quiet, --verbose and the like nothing changes.
    """
    own = [handler for handler in logger.handlers if handler.name == "DefaultStreamHandler"]
    if (
        own
        and own[0].stream.isatty()
        and not any(
            (asked.dryrun, asked.quiet, asked.verbose, asked.debug_dag, asked.printshellcmds)
        )
    ):
        logger.removeHandler(own[0])
        logger.addHandler(StageHandler(own[0]))


def attached():
    """Whether the terminal is taken over."""
    return any(isinstance(handler, StageHandler) for handler in logger.handlers)


class StageHandler(logging.Handler):
    """Writes a line a stage.

    own : logging.StreamHandler
        Snakemake's own, which shows what is no job.
    """

    def __init__(self, own):
        super().__init__()
        self._own, self._stream = own, own.stream
        self._names, self._logs, self._written = {}, {}, False
        self._ended = threading.Event()
        threading.Thread(target=self._tick, daemon=True).start()

    def emit(self, record):
        """One record of Snakemake's log."""
        event = getattr(record, "event", None)
        message = record.getMessage() if event is None else ""
        usual = message.startswith(USUAL) or SUBMITTED in message
        ended = record.levelno >= logging.ERROR and interruption.interrupted()
        if not ended and (record.levelno >= logging.WARNING or (message and not usual)):
            self._erase()
            self._own.handle(record)
        for line in self._finished(event, record):
            self._erase()
            self._stream.write(f"{line}\n")
        self._write_status()

    def close(self):
        """Leave the cursor at the beginning of a line."""
        self._ended.set()
        with self.lock:
            self._erase()
        super().close()

    def _finished(self, event, record):
        """Book what happened to a job; the line of a stage that it was the last of."""
        state = run_state.current
        if state is None:
            return
        if event == LogEvent.JOB_INFO:
            name = state.start(next(iter(record.output), ""), record.threads)
            self._names[record.jobid], self._logs[name] = name, next(iter(record.log), None)
        elif event == LogEvent.JOB_ERROR and self._names.get(record.jobid):
            state.end(self._names[record.jobid], done=False)
        elif event == LogEvent.JOB_FINISHED and self._names.get(record.job_id):
            stage = state.end(self._names[record.job_id])
            if state.finished(stage):
                yield state.line(stage)

    def _write_status(self):
        """The last line, which the next one takes the place of."""
        state = run_state.current
        stages = state.running() if state else []
        if stages:
            told = "; ".join([state.total(), *map(state.line, stages)])
            width = max(shutil.get_terminal_size().columns - 1, len(MORE))
            line = textwrap.shorten(told, width, placeholder=MORE, break_on_hyphens=False)
            self._stream.write(ERASE + line)
            self._stream.flush()
            self._written = True

    def _erase(self):
        if self._written:
            self._stream.write(ERASE)
            self._stream.flush()
            self._written = False

    def _tick(self):
        for beat in itertools.count(1):
            if self._ended.wait(REFRESH_S):
                return
            with self.lock:
                if beat % READ_EVERY == 0:
                    self._read_logs()
                self._write_status()

    def _read_logs(self):
        """How much of the running replicas is done, by the last lines of their logs."""
        for name in run_state.current.started() if run_state.current else ():
            found = PART.search(tail(self._logs.get(name)))
            if found:
                run_state.current.advance(name, float(found[1]) / 100)


def tail(path, size=400):
    """The end of a file; nothing of one that is not there."""
    if not path or not os.path.exists(path):
        return ""
    with open(path, "rb") as file:
        file.seek(max(0, os.path.getsize(path) - size))
        return file.read().decode(errors="replace")
