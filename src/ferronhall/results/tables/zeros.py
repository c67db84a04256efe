"""What is zero by symmetry, and in numbers only the rounding of sums that cancel."""

import numpy as np

OF_MAP, OF_OBSERVABLE = 1e-9, 1e-13
"""Parts of the largest cell of a map, and of the observable it is taken from, that are zero.

A steady state is solved to some 1e-10 of its maps; a field-odd map is a difference of observables.
"""

NOTE = (
    "0: less than 1e-9 of the largest cell of its map, or 1e-13 of the observable's, as what "
    "cancels by symmetry is."
)
"""What a table says of it."""


def settled(value, cells, observable):
    """The value, or 0.0 where it is the rounding of a zero.

    value : float
        A mean over cells of a map, in the map's unit.
    cells : ndarray
        The map.
    observable : ndarray
        What the map is taken from, in the same unit; of a map that is no difference the map itself.
    """
    below = max(OF_MAP * np.abs(cells).max(), OF_OBSERVABLE * np.abs(observable).max())
    return 0.0 if abs(value) <= below else float(value)


def settled_response(value, response, maps):
    """The same of a mean over cells of a response.

    response : ResponseMap
    maps : ndarray, shape (3, nx, ny), its observable at the three fields
    """
    return settled(value, response.take(maps), response.scale * maps)
