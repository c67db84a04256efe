"""Which configuration files a campaign's folder was last filled from."""

import os
from pathlib import Path


class StartedFrom:
    """The record of the configuration files that runs into a campaign's folder were started with.

    path : path
        Of the record.
    files : sequence of paths, of this run
    """

    def __init__(self, path, files):
        self.path = Path(path)
        here = Path.cwd()
        absolute = [Path(os.path.abspath(file)) for file in files]
        self.files = " ".join(
            str(f.relative_to(here) if f.is_relative_to(here) else f) for f in absolute
        )

    @property
    def another(self):
        """The files of the run before, where they were not this one's; "" elsewhere."""
        try:
            before = self.path.read_text(encoding="utf-8").strip()
        except OSError:
            return ""
        return before if before != self.files else ""

    def remember(self):
        """Record the files of this run, where the folder can be written."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_text(f"{self.files}\n", encoding="utf-8")
        except OSError:
            # nothing but a hint hangs on it
            pass
