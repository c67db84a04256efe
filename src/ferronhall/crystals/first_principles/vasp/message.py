"""What is to be run by VASP, where its inputs lie, and where its results go: one message."""

import re
from itertools import groupby

from ferronhall.crystals.first_principles.vasp.exchange import needed

_WORDS = {
    "vasprun.xml": "vasprun.xml or vaspout.h5",
    "OUTCAR": "OUTCAR",
    "CHGCAR": "CHGCAR",
}


def text(paths, runs, later, command):
    """The message.

    paths : paths.VaspRuns
    runs : list of run.Run, those waited for
    later : list of str, runs whose structure is still to come
    command : str, what to give again
    """
    count = "1 run waits" if len(runs) == 1 else f"{len(runs)} runs wait"
    lines = [f"{count} for VASP in {paths.exchange}/"]
    groups = list(_grouped(runs))
    width = max(len(label) for label, _ in groups)
    lines += [f"  {label:<{width}}  put back: {wanted}" for label, wanted in groups]
    lines += [
        "Each folder holds POSCAR, INCAR, KPOINTS and POTCAR.spec, which names the PAW datasets to "
        "join as POTCAR, in that order.",
        "Run VASP in every folder, put the files named on the right back into the same folder, and "
        f"give the same command again:\n  {command}",
    ]
    if later:
        lines.append(f"It will then ask for more: {', '.join(later)}.")
    return "\n".join(lines)


def _grouped(runs):
    """(label, files wanted) of runs, those that differ in a number alone as one."""
    for (_, wanted), group in groupby(runs, key=lambda run: (_stem(run.name), _files(run))):
        names = [run.name for run in group]
        yield names[0] if len(names) == 1 else f"{names[0]} … {names[-1]} ({len(names)})", wanted


def _files(run):
    return ", ".join(_WORDS[names[0]] for names in needed(run))


def _stem(name):
    return re.sub(r"[\d.+_-]+$", "", name)
