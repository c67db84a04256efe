"""When a replica writes a checkpoint, which it goes on from, and when it has to stop.

While a replica runs its checkpoint stands under the path it was given. When its results are on
disk, that file is deleted or kept as the final state `<name>.final.<suffix>`, from which the
replica goes on when time.t_max_ps is raised.
"""

import os
import signal
import threading
import time
from contextlib import contextmanager
from pathlib import Path

from ferronhall.base.errors import DataFileError, TrajectoryInterruptedError
from ferronhall.engine import checkpoint
from ferronhall.engine.replica_lock import ReplicaLock

_RESERVE_S = 120.0
"""Part of the wall-time limit left for starting up, the last stretch and the last checkpoint."""


class Keeper:
    """Keeps one replica's checkpoints, and stops it in time.

    path : path
        Of the checkpoint while the replica runs.
    settings : dict
        The config's `checkpoint` section.
    digest, code : str
        Identify the configuration, t_max, replicas and `settings` left out, and the code.
    accept_code : bool
        Whether to go on from a checkpoint of other code; `attributes` then says so.
    """

    def __init__(self, path, settings, digest, code="", accept_code=False):
        self.path = Path(path)
        self.final = self.path.with_suffix(f".final{self.path.suffix}")
        self.settings, self.digest = settings, digest
        self.code, self.accept_code, self.attributes = code, accept_code, {}
        self.started = self.written = time.monotonic()
        self.signal = self.lock = None
        self.failed = False

    @contextmanager
    def alone(self, log):
        """While inside, no other process runs this replica, here or on another machine.

        It spans reading the checkpoint, running and writing the results.
        raises : TrajectoryInterruptedError when another process runs it already
        """
        lock = ReplicaLock(self.path.with_suffix(".lock"), f"replica {self.path.stem}", log)
        with lock as self.lock:
            yield

    def open(self, name, identity, log, misfit):
        """Find the State to go on from; None when there is none.

        A running replica's checkpoint that cannot be used is refused unless checkpoint.restart
        is set: it may hold days of work. A final state that cannot be used is passed over: its
        results were complete, and the job that asks for it is to make them anew. One that the
        file system does not hand over is refused like the other.

        name : str
            What messages call the replica.
        identity : dict
            Of the replica; digest and code are added to it.
        misfit : callable, State → str or None
            Says why a State is none of the run's.
        raises : DataFileError
        """
        self.name, self.log = name, log
        self.identity = {"configuration": self.digest, "code": self.code, **identity}
        path = next((p for p in (self.path, self.final) if p.exists()), None)
        if path is None:
            return None
        try:
            state = self._read(path)
            if reason := misfit(state):
                raise checkpoint.refusal(path, f"{checkpoint.WRONG} ({reason})")
        except DataFileError as error:
            kept = path != self.final or isinstance(error, checkpoint.UnreachableError)
            if kept and not self.settings["restart"]:
                raise
            log(f"{name}: starts from its beginning. {error}")
            return None
        log(f"{name}: goes on from {path}")
        return state

    def _read(self, path):
        try:
            return checkpoint.read(path, self.identity)
        except checkpoint.ForeignError:
            if not self.accept_code:
                raise
            whatever = {key: value for key, value in self.identity.items() if key != "code"}
            state = checkpoint.read(path, whatever)
        code = checkpoint.identity(path)["code"]
        # what it leaves is of both codes, and no other run takes it for one of this code alone
        self.identity["code"] = f"{self.code} after {code}"
        self.attributes["accepted_code"] = f"{self.name} went on from a state of code {code}"
        self.log(f"accepted as it is (accept_code): {self.attributes['accepted_code']}")
        return state

    @contextmanager
    def listening(self):
        """While inside, SIGTERM and SIGINT ask for a checkpoint instead of ending the process."""

        def note(number, _frame):
            self.signal = signal.Signals(number).name

        if threading.current_thread() is not threading.main_thread():
            # Python hands signals to the main thread alone
            yield
            return
        previous = {s: signal.signal(s, note) for s in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)

    def visit(self, state):
        """Write a checkpoint if one is due; TrajectoryInterruptedError if the run has to stop."""
        self._require_lock()
        reason = self._reason_to_stop()
        if self.due:
            self.save(state)
        if reason:
            kept = (
                "its last checkpoint could not be written, the next run goes on from the one before"
                if self.failed
                else f"the next run goes on from {self.path}"
            )
            raise TrajectoryInterruptedError(f"{self.name} was stopped by {reason}; {kept}")

    @property
    def due(self):
        """Whether a checkpoint is due, or the run has to stop."""
        since = time.monotonic() - self.written
        return bool(self._reason_to_stop()) or since >= 60 * self.settings["every_minutes"]

    def _require_lock(self):
        if self.lock:
            self.lock.require()

    def _reason_to_stop(self):
        if self.signal:
            return self.signal
        limit = 60 * self.settings["wall_limit_minutes"]
        reserve = min(_RESERVE_S, limit / 10)
        if limit and time.monotonic() - self.started >= limit - reserve:
            return f"checkpoint.wall_limit_minutes = {self.settings['wall_limit_minutes']:g}"
        return None

    def save(self, state):
        """Write a checkpoint. A disk that refuses it costs a warning, not the replica.

        raises : TrajectoryInterruptedError when another process has taken the replica over
        """
        self._require_lock()
        try:
            checkpoint.write(self.path, self.identity, state)
        except DataFileError as error:
            if not self.failed:
                self.log(
                    f"warning: {self.name} goes on, but an interruption would cost what it did "
                    f"since its last checkpoint: {self.path} cannot be written ({error.__cause__})"
                )
            self.failed = True
        else:
            self.failed = False
        self.written = time.monotonic()

    def finish(self):
        """Call when the results are on disk: deletes the checkpoint or keeps it as final state."""
        if not self.settings["keep_final"]:
            self.path.unlink(missing_ok=True)
            self.final.unlink(missing_ok=True)
        elif self.path.exists():
            try:
                os.replace(self.path, self.final)
            except OSError as error:
                self.log(f"warning: {self.path} cannot be renamed to {self.final} ({error})")
