"""Differences in standard errors, cell by cell: how a map shows what is more than noise."""

import numpy as np

from ferronhall.results.figures.quantities import Unit

UNIT = Unit("standard errors", "standard errors", 1.0)

LARGEST = 4.0
"""Where the scale of the ratios ends."""


def over_error(difference, error):
    """difference/error, shape (nx, ny); 0 where there is no error.

    Cells that a mirror makes zero have no scatter but rounding, which counts as none.
    """
    counted = error > 1e-9 * np.nanmax(error, initial=0)
    return np.nan_to_num(np.divide(difference, error, out=np.zeros_like(error), where=counted))
