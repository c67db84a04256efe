"""Differences in standard errors, cell by cell: how a map shows what is more than noise."""

import numpy as np

from ferronhall.results.figures.quantities import Unit

UNIT = Unit("standard errors", "standard errors", 1.0)

LARGEST = 4.0
"""Where the scale of the ratios ends."""


LIKELY = 0.05
"""Probability down to which values count as consistent with zero."""


def consistent_with_zero(values, errors, samples):
    """Whether noise alone would give values as large as these, in at least LIKELY of all cases.

    values, errors : ndarray, shape (n,), independent of each other; those without error are left
        out
    samples : int, behind every error

    A value over its error follows Student's distribution of samples − 1 degrees of freedom; its
    probability as the square of a normal deviate goes into χ² of n degrees of freedom.
    """
    # here, as every map takes its shades from this module, and few are tested
    from scipy.special import chdtrc, chdtri, stdtr

    counted = errors > 0
    if not counted.any():
        return not values.any()
    student = np.abs(values[counted] / errors[counted])
    squares = chdtri(1, 2 * stdtr(max(samples - 1, 1), -student))
    return bool(chdtrc(squares.size, squares.sum()) >= LIKELY)


def over_error(difference, error):
    """difference/error, shape (nx, ny); 0 where there is no error.

    Cells that a mirror makes zero have no scatter but rounding, which counts as none.
    """
    counted = error > 1e-9 * np.nanmax(error, initial=0)
    return np.nan_to_num(np.divide(difference, error, out=np.zeros_like(error), where=counted))
