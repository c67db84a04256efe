"""One branch of a Berry-phase polarization, which is known up to multiples of a quantum alone."""

import numpy as np

from ferronhall.base.errors import FirstPrinciplesError

_AMBIGUOUS = 0.25
"""Distance from the expected value, in periods, from which the branch is in doubt: half way to the
limit."""


def follow_branch(values, periods, coordinates, unit, remedy):
    """Values on the branch of the first one, each nearest to what those before it lead to.

    values : sequence of m float
    periods : float, or sequence of m float
        The values are known up to multiples of it, in the same unit.
    coordinates : sequence of m float, none below the one before
        Where they were computed.
    unit, remedy : str
        For the message.
    raises : FirstPrinciplesError where a value is a quarter of its period or more off
    """
    periods = np.broadcast_to(periods, len(values))
    found = [values[0]]
    for n in range(1, len(values)):
        period, expected = periods[n], found[-1]
        before = [m for m in range(n) if coordinates[m] < coordinates[n - 1]]
        if before:
            step = coordinates[n - 1] - coordinates[before[-1]]
            slope = (found[-1] - found[before[-1]]) / step
            expected += slope * (coordinates[n] - coordinates[n - 1])
        off = values[n] - expected
        off -= period * np.round(off / period)
        if abs(off) >= _AMBIGUOUS * period:
            raise FirstPrinciplesError(
                f"between {coordinates[n - 1]:g} and {coordinates[n]:g} the polarization leaves "
                f"the line of the points before by {off:.4f} {unit}, a quarter of its quantum "
                f"({period:.4f} {unit}) or more, so its branch is in doubt; {remedy}"
            )
        found.append(expected + off)
    return np.array(found)
