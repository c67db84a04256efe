"""The Berry-phase polarization of a switching path, relative to λ = 0 and on one branch.

It is known up to multiples of its quantum e c/Ω, and where the centrosymmetric crystal's is half a
quantum (I–V perovskites) it does not begin at zero. The Born charges say which branch is meant.
"""

from dataclasses import replace

import numpy as np

from ferronhall.base import units
from ferronhall.base.errors import ConfigError
from ferronhall.crystals.phonons.lattice_dynamics import Note

_NONE = 1e-4
"""Polarization (C/m²) that counts as zero."""

_DOUBTFUL = 0.25
"""Distance from the Born charges' estimate, in quanta, from which the branch is in doubt."""


def on_one_branch(path, cubic, tetragonal=None):
    """The SwitchingPath with its polarization less that at λ = 0, on the branch of λ = 0.

    path : double_well.SwitchingPath, as read
    cubic : LatticeDynamics, whose Born charges estimate the polarization
    tetragonal : LatticeDynamics or None, whose cell gives the quantum where the path has none
    raises : ConfigError where a value lies on another branch and the quantum is not known
    """
    known = np.isfinite(path.polarization)
    if not known.any():
        return path
    if not known[0]:
        said = (
            "switching path: no polarization at λ = 0, so the others are taken as they stand, on "
            "whichever branch they are"
        )
        return replace(path, notes=(*path.notes, Note(said, loud=True)))
    origin = path.polarization[0]
    quantum, exact = _quantum(path, cubic, tetragonal)
    rate = cubic.born[:, 2, 2] @ path.displacement / cubic.volume * units.COULOMB_PER_M2
    branch, off = _nearest(path.polarization - origin, rate * path.progress, quantum)
    notes = list(path.notes)
    moved = known & (np.abs(branch - path.polarization + origin) > _NONE)
    if moved.any() and not exact:
        raise ConfigError(
            f"switching_path: the polarization at λ = {path.progress[moved][0]:g} lies on another "
            "branch than that at λ = 0, and its quantum is not known; give it in a column "
            "polarization_quantum_C_per_m2 (e c/Ω of the path's cell), or the tetragonal phase"
        )
    if abs(origin) > _NONE or moved.any():
        notes.append(
            Note(
                f"switching path: polarization taken relative to λ = 0, where it is {origin:.4f} "
                f"C/m², on one branch (quantum {np.max(quantum):.4f} C/m²; "
                f"{int(moved.sum())} values moved by whole quanta)"
            )
        )
    worst = int(np.nanargmax(off))
    if off[worst] > _DOUBTFUL:
        notes.append(
            Note(
                f"switching path: the polarization at λ = {path.progress[worst]:g} is "
                f"{100 * off[worst]:.0f} % of its quantum away from what the Born charges let "
                "expect, so its branch is in doubt",
                loud=True,
            )
        )
    return replace(path, polarization=branch, notes=tuple(notes))


def _quantum(path, cubic, tetragonal):
    """Quanta of the points (C/m²), and whether they are those of the path's own cell."""
    if path.quantum is not None:
        return path.quantum, True
    cell = np.array((tetragonal or cubic).cell.cell)
    area = np.linalg.norm(np.cross(cell[0], cell[1]))
    return np.full(len(path.progress), units.COULOMB_PER_M2 / area), tetragonal is not None


def _nearest(values, expected, quantum):
    """Values moved by whole quanta to what is expected, and how far from it they are (quanta).

    The direction that a code counts as positive is left open: the better of both signs.
    """
    found = []
    for sign in (1, -1):
        branch = values - quantum * np.round((values - sign * expected) / quantum)
        found.append((branch, np.abs(branch - sign * expected) / quantum))
    return min(found, key=lambda entry: np.nansum(entry[1]))
