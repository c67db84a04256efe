"""The structure that a relaxation ended at, if it came to rest."""

import numpy as np

from ferronhall.base.errors import FirstPrinciplesError
from ferronhall.crystals.first_principles import crystal as structures
from ferronhall.crystals.first_principles.vasp import agreement, calculation, plans

_SHAPE = 1e-5
"""Å by which the cell may leave its lattice type."""


def structure(section, phase, path):
    """The crystal.Crystal of a phase at rest.

    section : dict, a checked first-principles section
    path : path of vasprun.xml or vaspout.h5
    raises : FirstPrinciplesError where it is not of this relaxation, or not at rest
    """
    found = calculation.read(path)
    agreement.check(plans.relaxation(section, phase), found)
    start = structures.start(section, phase)
    _at_rest(section, phase, found)
    cell = np.asarray(found.end.cell)
    a, b, c = cell.diagonal()
    off = np.abs(cell - np.diag([a, b, c])).max()
    uneven = max(abs(a - b), abs(a - c) if phase == "cubic" else 0.0)
    if max(off, uneven) > _SHAPE:
        raise FirstPrinciplesError(
            f"{found.path}: the relaxed cell is no longer {phase} (by {max(off, uneven):.2g} Å); "
            "check that ISYM was left at VASP's default"
        )
    a = float((a + b) / 2)
    return type(start)(phase, a, float(c), start.symbols, found.end.scaled_positions)


def _at_rest(section, phase, found):
    limit = section["force_threshold_eV_per_A"]
    force = np.abs(found.forces).max()
    if force > limit:
        raise FirstPrinciplesError(
            f"{found.path}: a force of {force:.2g} eV/Å is left, more than {limit:g}; go on from "
            "CONTCAR where VASP runs and put the file of the last run here, or raise "
            "first_principles.force_threshold_eV_per_A"
        )
    if section[phase]["relax"] == "cell":
        limit = section["stress_threshold_kbar"]
        if found.stress is None:
            raise FirstPrinciplesError(f"{found.path}: it holds no stress; run with ISIF = 3")
        stress = np.abs(found.stress).max()
        if stress > limit:
            raise FirstPrinciplesError(
                f"{found.path}: a stress of {stress:.2g} kbar is left, more than {limit:g}; go on "
                "from CONTCAR where VASP runs and put the file of the last run here, or raise "
                "first_principles.stress_threshold_kbar"
            )
