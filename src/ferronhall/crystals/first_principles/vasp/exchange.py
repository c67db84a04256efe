"""What has come back from where VASP runs: files in the folders of the runs."""

from pathlib import Path

MAIN = ("vasprun.xml", "vasprun.xml.gz", "vaspout.h5")
"""Energies, forces, structures, Born charges. The first that is there is read: vasprun.xml also
tells whether the electrons converged."""

OUTCAR = ("OUTCAR", "OUTCAR.gz")
"""Dipole moments."""

CHGCAR = ("CHGCAR",)
"""The electron density."""


def needed(run):
    """The groups of file names of which a run needs one each.

    run : run.Run
    """
    density = [CHGCAR] if run.keeps_density else []
    return [MAIN, *([OUTCAR] if run.polarizes else []), *density]


def back(folder, run):
    """Paths of the results of a run, one for each of `needed`; None while one is missing.

    folder : path of the run's folder
    """
    found = [_first(folder, names) for names in needed(run)]
    return None if None in found else found


def main(folder):
    """The result file of a run, or the one that should be there."""
    return _first(folder, MAIN) or str(Path(folder, MAIN[0]))


def outcar(folder):
    """The OUTCAR of a run, or the one that should be there."""
    return _first(folder, OUTCAR) or str(Path(folder, OUTCAR[0]))


def _first(folder, names):
    return next((str(path) for name in names if (path := Path(folder, name)).is_file()), None)
