"""What pw.x printed: energy, forces, relaxed structure, Berry phase."""

import re

import numpy as np

from ferronhall.base.errors import FirstPrinciplesError
from ferronhall.base.units import BOHR, RYDBERG

_FAILURES = {
    r"convergence NOT achieved": "the self-consistent cycle did not converge",
    r"maximum number of steps has been reached": "the relaxation took more steps than allowed",
    r"No convergence has been achieved": "the linear response did not converge",
}


def complaint(text, ending="JOB DONE."):
    """Why an output shows no finished, converged run; None for one that does.

    ending : str
        What a run prints when it has come to its end.
    """
    for pattern, meaning in _FAILURES.items():
        if re.search(pattern, text):
            return meaning
    if error := re.search(r"Error in routine\s+(.*?):?\s*\n\s*(.*)", text):
        return f"{error.group(1).strip()}: {error.group(2).strip()}"
    return None if ending in text else f"it ends without '{ending}'"


def require_finished(text, name):
    """FirstPrinciplesError unless the output is that of a finished, converged run.

    name : str
        What the message calls the output.
    """
    if reason := complaint(text):
        raise FirstPrinciplesError(
            f"{name}: not a finished run ({reason}); to have it made anew move it to another "
            "folder and run again, or change what the reason names"
        )


def origin(text, name):
    """Program with its version, and exchange-correlation functional."""
    version = _last(text, r"Program PWSCF v\.(\S+)", name, "version")[0]
    functional = _last(text, r"Exchange-correlation= *(\S.*?) *$", name, "functional")[0]
    return f"Quantum ESPRESSO {version} (pw.x, ph.x, q2r.x)", functional


def energy(text, name):
    """Total energy (eV per cell) of the last self-consistent cycle."""
    require_finished(text, name)
    return float(_last(text, r"^!\s+total energy\s+=\s+(\S+) Ry", name, "total energy")[0]) * (
        RYDBERG
    )


def forces(text, name):
    """Forces on the atoms (eV/Å) after the last cycle, shape (n, 3)."""
    require_finished(text, name)
    _, _, block = text.rpartition("Forces acting on atoms")
    # further blocks split the force into its parts
    block = re.split(r"Total force|The non-local contrib", block)[0]
    rows = re.findall(r"atom\s+\d+ type\s+\d+\s+force =\s+(\S+)\s+(\S+)\s+(\S+)", block)
    if not rows:
        raise _missing(name, "forces")
    return np.array(rows, float) * RYDBERG / BOHR


def relaxed(text, name, crystal):
    """The crystal at rest.

    crystal : crystal.Crystal
        What the run started from; it gives phase and symbols.
    """
    require_finished(text, name)
    block = _last(text, r"Begin final coordinates([\s\S]*?)End final", name, "final coordinates")[0]
    _, _, atoms = block.partition("ATOMIC_POSITIONS (crystal)")
    rows = re.findall(r"^\s*[A-Za-z]\w*\s+(\S+)\s+(\S+)\s+(\S+)\s*$", atoms, re.MULTILINE)
    if len(rows) != len(crystal.symbols):
        raise _missing(name, f"final positions of {len(crystal.symbols)} atoms")
    a, c = crystal.a, crystal.c
    if cell := re.search(r"CELL_PARAMETERS \(alat=\s*(\S+)\)((?:\s+\S+){9})", block):
        edges = float(cell.group(1)) * BOHR * np.array(cell.group(2).split(), float)
        a, c = float(edges[0]), float(edges[8])
    return type(crystal)(crystal.phase, a, c, crystal.symbols, np.array(rows, float))


def polarization(text, name):
    """Berry-phase polarization along z (e Å per cell), known up to multiples of e c.

    For unpolarized bands pw.x prints a modulus of 2 e c, since each band holds two electrons, but
    it also folds their phase into half of that: between two points of a path the value can jump by
    e c. It is taken in e bohr, because what pw.x 6.7 prints in C/m² is 0.075 % low.
    """
    require_finished(text, name)
    number = r"P =\s+(\S+)\s+\(mod\s+\S+\)\s+\(e/Omega\)\.bohr"
    return float(_last(text, number, name, "Berry phase")[0]) * BOHR


def _last(text, pattern, name, what):
    found = list(re.finditer(pattern, text, re.MULTILINE))
    if not found:
        raise _missing(name, what)
    return found[-1].groups()


def _missing(name, what):
    return FirstPrinciplesError(
        f"{name}: it holds no {what}, so it is not the output of such a run of pw.x; to have it "
        "made anew move it to another folder and run again"
    )
