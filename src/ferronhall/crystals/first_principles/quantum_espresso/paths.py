"""Every path of the first-principles runs: results/<campaign>/first_principles/.

Beside ferronhall.base.paths, whose code belongs to what decides whether trajectories run again.
"""

from dataclasses import dataclass

from ferronhall.base.paths import RESULTS

WILDCARDS = {
    "phase": "cubic|tetragonal",
    "q": r"[1-9]\d*",
    "coordinate": r"\d\.\d{3}",
}
"""Wildcard → regular expression: no name outside these is ever matched."""


@dataclass(frozen=True)
class FirstPrinciples:
    """Paths of a campaign's first-principles runs.

    campaign, prefix : str
        Name of the campaign, and of the files of Quantum ESPRESSO.
    """

    campaign: str
    prefix: str

    def _under(self, *parts):
        return str(RESULTS.joinpath(self.campaign, "first_principles", *parts))

    def scratch(self, job):
        """Folder a calculation runs in."""
        return self._under("scratch", job)

    def run(self, name, *folders):
        """Input and output of a run."""
        return [self._under(*folders, f"{name}.{ext}") for ext in ("in", "out")]

    def structure(self, phase="{phase}"):
        """Cell and atoms of a phase."""
        return self._under(phase, "structure.yaml")

    def dynamical_matrix(self, phase="{phase}", q="{q}"):
        """Dynamical matrix of a wave vector; for q = 0 the list of wave vectors."""
        return self._under(phase, f"{self.prefix}.dyn{q}")

    def force_constants(self, phase="{phase}"):
        """Real-space force constants in q2r.x format."""
        return self._under(phase, f"{self.prefix}.fc")

    def response(self, phase="{phase}"):
        """Dielectric tensor, Born charges and frequencies at the zone centre."""
        return self._under(phase, "response.yaml")

    @property
    def dataset(self):
        """The file that names force constants and switching path for the import."""
        return self._under("dataset.yaml")

    @property
    def switching_path(self):
        """Energy and polarization along the switching path."""
        return self._under("switching_path.csv")
