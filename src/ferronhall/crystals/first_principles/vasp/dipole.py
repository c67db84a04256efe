"""Polarization of a run from OUTCAR: electrons as VASP prints them, ions by their valences.

VASP prints an ionic and an electronic dipole moment of the cell (LCALCPOL). VASP 5 has them in
"electrons Angst", e Å with the electron's charge as the unit: an ion of positive charge that moves
along +z lowers the number. VASP 6, by 6.3 at the latest, has them in "|e| Angst" with the opposite
sign. The reader tells them apart by that word.

The ionic one is not taken as it stands. VASP moves an ion that is half a cell from DIPOL, or very
near there, to DIPOL itself, which is no multiple of a quantum away: halves of it for odd valences,
any part of it for ions a little off. Valences and positions give the same moment without that; the
printed one has to agree with it.
"""

from dataclasses import dataclass

import numpy as np
from pymatgen.io.vasp.outputs import Outcar

from ferronhall.base.errors import FirstPrinciplesError

_AGREE = 1e-3
"""Quanta by which the printed ionic moment may differ; it has five decimals of an e Å."""


@dataclass(frozen=True)
class Moments:
    """Dipole moments of a cell as OUTCAR has them, of either version, positive charge positive.

    ions, electrons : ndarray, shape (3,), e Å
    valences : dict of symbol to charge of the ion without its valence electrons, e
    """

    ions: np.ndarray
    electrons: np.ndarray
    valences: dict


def moments(path):
    """The Moments in an OUTCAR.

    path : path of an OUTCAR of a run with LCALCPOL
    raises : FirstPrinciplesError where it is not such a file, or not a whole one
    """
    try:
        outcar = Outcar(path)
        outcar.read_lcalcpol()
        outcar.read_pseudo_zval()
        found = np.array([outcar.p_ion, outcar.p_elec], float)
    except (OSError, RuntimeError, ValueError, TypeError, IndexError, KeyError) as error:
        raise FirstPrinciplesError(
            f"{path}: no dipole moments p[ion] and p[elc] in it ({error}); VASP writes them with "
            "LCALCPOL = .TRUE. as in the INCAR beside it, once the run has come to its end"
        ) from error
    if found.shape != (2, 3) or not np.isfinite(found).all():
        raise FirstPrinciplesError(
            f"{path}: its dipole moments are cut; put the whole OUTCAR of a finished run there"
        )
    # pymatgen gives either version's in units of the electron's charge, which is negative
    return Moments(-found[0], -found[1], dict(outcar.zval_dict))


def polarization(path, run, axis=2):
    """Ω P along an axis (e Å per cell), ions and electrons together, modulo e times the edge.

    Positive where positive charge has moved along the axis; the ions count from the cell's corner.

    path : path of the OUTCAR
    run : run.Run, with edges along x, y, z
    raises : FirstPrinciplesError where the printed ionic moment is not that of the run's ions
    """
    found = moments(path)
    missing = sorted(set(run.cell.symbols) - set(found.valences))
    if missing:
        raise FirstPrinciplesError(f"{path}: it has no valence (ZVAL) of {', '.join(missing)}")
    valences = np.array([found.valences[symbol] for symbol in run.cell.symbols])
    edge = run.cell.cell[axis, axis]
    places = run.cell.scaled_positions[:, axis]
    off = found.ions[axis] / edge - valences @ (places - run.tags["DIPOL"][axis])
    if abs(off - round(off)) > _AGREE:
        raise FirstPrinciplesError(
            f"{path}: its ionic dipole moment differs by {off - round(off):.4f} of a quantum from "
            "that of valences and positions; the run had other positions or another DIPOL than the "
            "inputs beside it, or an ion lies half a cell from DIPOL"
        )
    return float(valences @ places * edge + found.electrons[axis])
