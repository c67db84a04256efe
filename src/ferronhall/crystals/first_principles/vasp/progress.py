"""How far a campaign is: which runs can be planned, which are back, what comes next."""

from pathlib import Path

from ferronhall.crystals.first_principles import crystal as structures
from ferronhall.crystals.first_principles.phases import PHASES
from ferronhall.crystals.first_principles.vasp import message, plans
from ferronhall.crystals.first_principles.vasp.exchange import back


class Progress:
    """Runs of a campaign as far as the files on disk let them be known.

    section : dict, a checked first-principles section
    paths : paths.VaspRuns
    """

    def __init__(self, section, paths):
        self._section = section
        self._paths = paths
        self._planned = {}

    def relaxation(self, phase):
        """The Run that relaxes a phase; None where nothing is relaxed."""
        relaxes = plans.relaxes(self._section, phase)
        return plans.relaxation(self._section, phase) if relaxes else None

    def on_structure(self, phase):
        """The Runs that start from a phase's structure, which has to be there."""
        path = Path(self._paths.structure(phase))
        text = path.read_text(encoding="utf-8")
        if self._planned.get(phase, ("",))[0] != text:
            runs = plans.on_structure(self._section, structures.read(path))
            self._planned[phase] = text, runs
        return self._planned[phase][1]

    def named(self, name):
        """The Run of this name; KeyError where there is none."""
        phase = plans.phase_of(name)
        if phase is None:
            return self.relaxation(name.partition("/")[0])
        return {run.name: run for run in self.on_structure(phase)}[name]

    def is_back(self, run):
        """Whether the results of a run are there."""
        return back(self._paths.folder(run.name), run) is not None

    def state(self, command):
        """What is to be done next, as text.

        command : str, what to give again
        """
        runs, later = [], []
        for phase in PHASES:
            relaxation = self.relaxation(phase)
            runs += [relaxation] if relaxation else []
            if relaxation and not self.is_back(relaxation):
                later.append(f"the runs on the relaxed {phase} structure")
            else:
                runs += self.on_structure(phase)
        waiting = [run for run in runs if not self.is_back(run)]
        if waiting:
            return message.text(self._paths, waiting, later, command)
        return (
            f"finished: {self._paths.dataset}; ferronhall-material {self._paths.dataset} "
            "config/materials/mine.yaml makes a material file of it"
        )
