"""A job's log file, and the error for which a second try would be in vain."""

import sys
from pathlib import Path

ERASE = "\r\x1b[K"
"""To the beginning of a terminal's line, and nothing on it."""


class JobLog:
    """Writes lines to a log file; what has to be seen goes to the terminal as well.

    path : path
    attempt : int
        Which try of the job this is.
    """

    def __init__(self, path, attempt=1):
        self.path, self.attempt = Path(path), attempt
        # beside the log, as an output would be deleted when the job fails
        self._lasting = self.path.with_name(f"{self.path.name}.error")
        self._own = []
        # appended to, so that a second copy of a running job adds its lines to those of the first
        self._stream = open(self.path, "a", encoding="utf-8")

    def __call__(self, line, warn=False):
        """Write a line; `warn` shows it on the terminal too."""
        self._own.append(line)
        print(line, file=self._stream, flush=True)
        if warn:
            _show(f"warning: {line}")

    def begin(self):
        """Drop what other runs of the job have written. Nobody else may be running it."""
        self._stream.truncate(0)
        for line in self._own:
            print(line, file=self._stream, flush=True)

    def fail(self, error):
        """Write a FerronHallError, on the terminal too; remember it where it would come again."""
        self(f"error: {error}")
        _show(f"error: {error}")
        if error.lasting:
            self._lasting.write_text(str(error), encoding="utf-8")

    @property
    def lasting_error(self):
        """The error of an earlier try of the same run that would come again, as text; or ""."""
        if self.attempt == 1:
            # of an earlier run, before which its user may have put things right
            self._lasting.unlink(missing_ok=True)
        return self._lasting.read_text(encoding="utf-8") if self._lasting.exists() else ""

    def close(self):
        """Close the file."""
        self._stream.close()


def _show(text):
    """Write on stderr; on a terminal in place of the line that tells what runs."""
    print(f"{ERASE if sys.stderr.isatty() else ''}{text}", file=sys.stderr, flush=True)
