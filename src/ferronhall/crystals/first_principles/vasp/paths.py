"""Every path of runs by VASP: results/<campaign>/first_principles/ or …/second_order_runs/."""

from dataclasses import dataclass
from pathlib import Path

from ferronhall.base.paths import RESULTS
from ferronhall.crystals.first_principles.vasp.run import FILES


@dataclass(frozen=True)
class VaspRuns:
    """Paths of a campaign's runs by VASP.

    campaign : str
    stage : "first_principles" or "second_order_runs"
    """

    campaign: str
    stage: str = "first_principles"

    def _under(self, *parts):
        return str(RESULTS.joinpath(self.campaign, self.stage, *parts))

    @property
    def exchange(self):
        """The folder that goes to where VASP runs and comes back."""
        return self._under("runs")

    def folder(self, run):
        """Folder of a run: its inputs, and its results once they are back."""
        return str(Path(self.exchange, run))

    def inputs(self, run):
        """The inputs of a run."""
        return [str(Path(self.folder(run), name)) for name in FILES]

    def structure(self, phase="{phase}"):
        """Cell and atoms of a phase."""
        return self._under(phase, "structure.yaml")

    def force_constants(self, phase="{phase}"):
        """Forces, displacements, Born charges and ε∞ of a phase, as phonopy keeps them."""
        return self._under(phase, "phonopy_params.yaml")

    def response(self, phase="{phase}"):
        """Dielectric tensor, Born charges and frequencies at the zone centre."""
        return self._under(phase, "response.yaml")

    @property
    def switching_path(self):
        """Energy and polarization along the switching path."""
        return self._under("switching_path.csv")

    @property
    def dataset(self):
        """The file that names force constants and switching path for the import."""
        return self._under("dataset.yaml")
