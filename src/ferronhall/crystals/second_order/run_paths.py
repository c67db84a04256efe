"""Every path of second-order runs: results/<campaign>/second_order_runs/."""

from dataclasses import dataclass

from ferronhall.base.paths import RESULTS
from ferronhall.crystals.second_order.data_files import CONTENT, TABLE

WILDCARDS = {"run": r"[A-Za-z0-9-]+/[\w+-]+/[a-z0-9-]+/[+-]\d\.\d{3}_[+-]\d\.\d{3}"}
"""Wildcard → regular expression: no name outside these is ever matched."""


@dataclass(frozen=True)
class SecondOrderRuns:
    """Paths of a campaign's second-order runs.

    campaign : str
    """

    campaign: str

    def _under(self, *parts):
        return str(RESULTS.joinpath(self.campaign, "second_order_runs", *parts))

    def scratch(self, run):
        """Folder a calculation runs in."""
        return self._under("scratch", run)

    def run(self, name, run="{run}"):
        """Input and output of one program, "scf" or "berry"."""
        return [self._under(run, f"{name}.{ext}") for ext in ("in", "out")]

    @property
    def table(self):
        """The polarizations of all runs."""
        return self._under(TABLE)

    @property
    def content(self):
        """What the table's crystals are, and where it comes from."""
        return self._under(CONTENT)
