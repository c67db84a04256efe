"""Polarization of a run from OUTCAR, and the origin VASP counts the ions' part from.

VASP prints an ionic and an electronic dipole moment of the cell (LCALCPOL). Until VASP 6.2 they are
in "electrons Angst", e Å with the electron's charge as the unit: an ion of positive charge that
moves along +z lowers the number. Since then they are in "|e| Angst" with the opposite sign. The
reader tells them apart by that word.
"""

import numpy as np
from pymatgen.io.vasp.outputs import Outcar

from ferronhall.base.errors import FirstPrinciplesError


def polarization(path, axis=2):
    """Ω P along a Cartesian axis (e Å per cell), ions and electrons together.

    Positive where positive charge has moved along the axis. It is known up to multiples of the
    cell's edge times e: an electronic part folded by VASP, or an ion that left the cell on one side
    and came in on the other.

    path : path of an OUTCAR of a run with LCALCPOL
    raises : FirstPrinciplesError where it is not such a file, or not a whole one
    """
    try:
        outcar = Outcar(path)
        outcar.read_lcalcpol()
        moments = np.array([outcar.p_ion, outcar.p_elec], float)
    except (OSError, RuntimeError, ValueError, TypeError, IndexError, KeyError) as error:
        raise FirstPrinciplesError(
            f"{path}: no dipole moments p[ion] and p[elc] in it ({error}); VASP writes them with "
            "LCALCPOL = .TRUE. as in the INCAR beside it, once the run has come to its end"
        ) from error
    if moments.shape != (2, 3) or not np.isfinite(moments).all():
        raise FirstPrinciplesError(
            f"{path}: its dipole moments are cut; put the whole OUTCAR of a finished run there"
        )
    # pymatgen gives either version's in units of the electron's charge, which is negative
    return -float(moments[:, axis].sum())
