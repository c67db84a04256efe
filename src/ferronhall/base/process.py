"""Which process owns a file, and whether it still lives."""

import hashlib
import os
import socket
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Process:
    """A process among all that may write into a shared folder.

    host : str
        For messages.
    machine : str
        Digest of host, boot and process namespace, within which a number names one process at a
        time. Containers of one host, and a host before and after a reboot, are different machines.
    number, started : int
        Process id, and when it started (clock ticks since boot; 0 where the system does not tell),
        by which it is told from a later one with its number.
    """

    host: str
    machine: str
    number: int
    started: int

    @classmethod
    def this(cls):
        """The process that calls."""
        host, number = socket.gethostname(), os.getpid()
        parts = (host, _text("/proc/sys/kernel/random/boot_id"), _namespace())
        machine = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]
        return cls(host, machine, number, (_state_and_start(number) or ("", 0))[1])

    @classmethod
    def from_label(cls, label):
        """The process with a label, its host unknown; None for another text."""
        machine, *numbers = label.split("-")
        if len(numbers) != 2 or not all(n.isdecimal() for n in numbers):
            return None
        return cls("", machine, *map(int, numbers))

    @property
    def label(self):
        """Text without dots, for the name of a file."""
        return f"{self.machine}-{self.number}-{self.started}"

    @property
    def alive(self):
        """True or False; None for a process of another machine, of which nothing is known here."""
        if self.machine != Process.this().machine:
            return None
        found = _state_and_start(self.number)
        if found is None:
            return _answers(self.number)
        state, started = found
        # a zombie has ended, its parent has just not asked for its exit status
        return state not in ("Z", "X") and started == self.started


def _text(path):
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError:
        return ""


def _namespace():
    try:
        return os.readlink("/proc/self/ns/pid")
    except OSError:
        return ""


def _state_and_start(number):
    """State letter and start of a process, from /proc/<number>/stat; None where there is none."""
    # the name in parentheses may itself hold spaces and parentheses
    fields = _text(f"/proc/{number}/stat").rpartition(")")[2].split()
    return (fields[0], int(fields[19])) if len(fields) > 19 else None


def _answers(number):
    """Whether a process exists, as far as a signal tells."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
