"""One branch of a Berry-phase polarization, which is known up to multiples of a quantum alone."""

import numpy as np

from ferronhall.errors import FirstPrinciplesError

_AMBIGUOUS = 0.25
"""Distance from the expected value, in periods, from which the branch is in doubt: half way to the
limit."""


def follow_branch(values, period, coordinates, unit, remedy):
    """Values on the branch of the first one, each nearest to what the two before it lead to.

    values : sequence of m float
        Each known up to a multiple of `period`, in the same unit.
    coordinates : sequence of m float, rising
        Where they were computed.
    unit, remedy : str
        For the message.
    raises : FirstPrinciplesError where a value is a quarter of the period or more off
    """
    found = [values[0]]
    for n in range(1, len(values)):
        expected = found[-1]
        if n > 1:
            step = (coordinates[n] - coordinates[n - 1]) / (coordinates[n - 1] - coordinates[n - 2])
            expected += step * (found[-1] - found[-2])
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
