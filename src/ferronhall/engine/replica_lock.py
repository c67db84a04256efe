"""A lock that one process holds while it runs a replica, on any machine that shares the folder.

A dead owner does not hold it. On its own machine a process is looked up; on another one its lock is
watched for the sign of life that every owner gives. Clocks of two machines are compared for whole
hours alone, and no locks of the file system are needed.
"""

import json
import os
import secrets
import threading
import time
from dataclasses import asdict
from pathlib import Path

from ferronhall.base.errors import TrajectoryInterruptedError
from ferronhall.base.process import Process

_BEAT_S = 10.0
"""Between two signs of life of an owner."""

_PATIENCE_S = 60.0
"""How long the lock of another machine is watched before its owner counts as dead."""

_ABANDONED_S = 3600.0
"""Age of the last sign of life after which nothing is watched: no two clocks are so far apart."""


class ReplicaLock:
    """Context in which no other process runs a replica.

    path : path
        Of the lock's file.
    name : str
        What messages call the replica.
    log : callable taking a line of text
    raises : TrajectoryInterruptedError on entry when another process runs the replica
    """

    def __init__(self, path, name, log):
        self.path, self.name, self.log = Path(path), name, log
        owner = asdict(Process.this()) | {"token": secrets.token_hex(8)}
        self.content = json.dumps(owner).encode()
        self.ended = threading.Event()
        self.held = False

    def __enter__(self):
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            while not self._created():
                found = self._look()
                if found is not None:
                    self._require_dead(found)
                    # of two that find the same dead owner at once the one that creates the file
                    # last holds the lock, and the other sees that when it looks next
                    if self._look() == found:
                        self.path.unlink(missing_ok=True)
        except OSError as error:
            self.log(
                f"warning: {self.name} goes on, but nothing would keep a second copy of it from "
                f"running beside it: {self.path} cannot be written ({error.strerror})"
            )
        return self

    def __exit__(self, *_error):
        self.ended.set()
        if self.held and self._look() == self.content:
            self.path.unlink(missing_ok=True)
        self.held = False

    def require(self):
        """TrajectoryInterruptedError when another process has taken the lock over.

        So it is for a process that was suspended for longer than it takes to count as dead.
        """
        if not self.held:
            return
        try:
            found = self._look()
            if found is None and self._created():
                return
        except OSError:
            # a file system that does not answer now says nothing about the lock
            return
        if found != self.content:
            raise TrajectoryInterruptedError(
                f"{self.name} was taken over by {_words(found)} while this process "
                f"({_words(self.content)}) gave no sign of life; this copy stops, the other goes on"
            )

    def _created(self):
        try:
            descriptor = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666)
        except FileExistsError:
            return False
        os.write(descriptor, self.content)
        # so that other machines see it
        os.fsync(descriptor)
        self.held = True
        threading.Thread(target=self._beat, args=(descriptor,), daemon=True).start()
        return True

    def _beat(self, descriptor):
        # by its descriptor, so that the lock of a process that took over is left alone
        while not self.ended.wait(_BEAT_S):
            try:
                os.utime(descriptor)
            except OSError:
                pass
        os.close(descriptor)

    def _look(self):
        """Content of the lock's file; None when there is none."""
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return None

    def _require_dead(self, found):
        owner = _owner(found)
        alive = owner.alive if owner else None
        if alive is None:
            alive = self._gives_sign_of_life(found)
        if alive:
            raise TrajectoryInterruptedError(
                f"{self.name} already runs in {_words(found)}, so this second copy stops; the "
                f"first, its checkpoint and its results stay as they are. Wait for it, or end it, "
                f"and run again (its lock {self.path} counts for as long as it lives)"
            )
        self.log(f"{self.name}: takes over from {_words(found)}, which has ended")

    def _gives_sign_of_life(self, found):
        """Watch a lock whose owner cannot be looked up."""
        first = self._last_sign()
        if first is None or time.time() - first / 1e9 > _ABANDONED_S:
            return False
        self.log(
            f"{self.name}: {_words(found)} has left a lock; it counts as dead after "
            f"{_PATIENCE_S:g} s without a sign of life"
        )
        end = time.monotonic() + _PATIENCE_S
        while time.monotonic() < end:
            time.sleep(min(1.0, _PATIENCE_S / 10))
            last = self._last_sign()
            if last is None:
                return False
            if last != first:
                return True
        return False

    def _last_sign(self):
        try:
            # a shared folder shows the present times of a file to those who open it
            with open(self.path, "rb") as stream:
                return os.fstat(stream.fileno()).st_mtime_ns
        except FileNotFoundError:
            return None


def _owner(content):
    """The process that a lock's content names; None when it names none."""
    try:
        known = json.loads(content)
        numbers = int(known["number"]), int(known["started"])
        return Process(str(known["host"]), str(known["machine"]), *numbers)
    except (ValueError, KeyError, TypeError):
        return None


def _words(content):
    owner = _owner(content)
    return f"process {owner.number} on {owner.host}" if owner else "a process without a name"
