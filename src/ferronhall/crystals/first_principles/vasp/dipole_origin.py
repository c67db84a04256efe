"""Where VASP counts the ions' dipole moment from (DIPOL)."""

import numpy as np


def origin(positions):
    """DIPOL for structures near a centrosymmetric one: fractional, shape (3,).

    VASP takes each ion at its image nearest to DIPOL, and one half a cell away, or nearly, it puts
    at DIPOL itself, where its moment is wrong. So that no ion comes there, the middle of the widest
    gap between the ions is half a cell from DIPOL.

    positions : array, shape (n, 3), fractional, of the centrosymmetric structure
    """
    return np.array([_origin(np.asarray(column, float)) for column in np.transpose(positions)])


def _origin(column):
    places = np.unique(np.round(column % 1.0, 6) % 1.0)
    gaps = np.diff(places, append=places[0] + 1.0)
    widest = int(np.argmax(np.round(gaps, 6)))
    return round(float((places[widest] + gaps[widest] / 2 + 0.5) % 1.0), 6)
