"""How far a trajectory is, at a human interval."""

import time

from tqdm import tqdm

_REPORT_EVERY_S = 10.0

ALWAYS = "always"
"""Of a bar: also where stderr is no terminal, as in a notebook."""


class Progress:
    """Reports a running replica.

    name : str
        What the lines call the replica.
    h : float
        Substep (ps).
    start, total : int
        Substeps done when this process took over, and in the end.
    log : callable taking a line of text
    bar : bool or ALWAYS
        Whether to draw a bar as well, where stderr is a terminal or ALWAYS; bars of jobs that run
        side by side would overwrite each other.
    """

    def __init__(self, name, h, start, total, log, bar=False):
        self.name, self.h, self.start, self.total, self.log = name, h, start, total, log
        self.started = self.reported = time.monotonic()
        # None leaves the choice to tqdm: a bar on a terminal, nothing elsewhere
        hidden = False if bar == ALWAYS else None if bar else True
        self.bar = tqdm(desc=name, total=total, initial=start, unit="substep", disable=hidden)

    def report(self, step):
        """Log percentage, rate and time left at substep `step`, if it is time to."""
        self.bar.update(step - self.bar.n)
        if step == self.total:
            self.bar.close()
        now = time.monotonic()
        if now - self.reported < _REPORT_EVERY_S and step < self.total:
            return
        self.reported = now
        each = (now - self.started) / (step - self.start)
        self.log(
            f"{self.name}: {100 * step / self.total:5.1f} %, {step * self.h:.1f} ps, "
            f"{1e6 * each:.1f} µs a substep, {(self.total - step) * each:.0f} s left"
        )
