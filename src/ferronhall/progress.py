"""How far a trajectory is, at a human interval."""

import time

_REPORT_EVERY_S = 10.0


class Progress:
    """Reports a running trajectory.

    name : str
        What the lines call the trajectory.
    h : float
        Substep (ps).
    start, total : int
        Substeps done when this process took over, and in the end.
    log : callable taking a line of text
    """

    def __init__(self, name, h, start, total, log):
        self.name, self.h, self.start, self.total, self.log = name, h, start, total, log
        self.started = self.reported = time.monotonic()

    def report(self, step):
        """Log percentage, rate and time left at substep `step`, if it is time to."""
        now = time.monotonic()
        if now - self.reported < _REPORT_EVERY_S and step < self.total:
            return
        self.reported = now
        each = (now - self.started) / (step - self.start)
        self.log(
            f"{self.name}: {100 * step / self.total:5.1f} %, {step * self.h:.1f} ps, "
            f"{1e6 * each:.1f} µs a substep, {(self.total - step) * each:.0f} s left"
        )
