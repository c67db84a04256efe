"""The covariance of two blocks under white noise, without their modes: Smith's method, squared.

With a shift μ > 0 and the Cayley transforms P = (μ − A)⁻¹(μ + A) and Q of two blocks the equation
A C + C B† + S = 0 becomes C = P C Q† + 2μ (μ − A)⁻¹ S (μ − B)⁻†. P and Q shrink what decays, so
that the sum over their powers converges, and each step doubles how many of its terms are there:

    C ← C + P C Q†,   P ← P²,   Q ← Q²

Smith, SIAM J. Appl. Math. 16, 198 (1968). Products of matrices alone: a pair takes less than the
modes of one of its blocks.
"""

import numpy as np

from ferronhall.base.errors import TheoryError

_MOST_STEPS = 60
"""Terms of the sum double with each; a mode that has not decayed by then never does."""

_ROUNDING = np.finfo(float).eps


def covariance(left, right, noise, shift):
    """C of stacks of pairs, A C + C B† + S = 0.

    left, right : ndarray, shape (..., N, N), 1/ps
        A and B, of blocks whose modes all decay.
    noise : ndarray, shape (..., N, N)
        S.
    shift : float, 1/ps
        μ, of the order of the modes' frequencies.
    returns : ndarray, shape (..., N, N)
    raises : TheoryError when a mode does not decay
    """
    one = np.eye(left.shape[-1])
    here, there = np.linalg.inv(shift * one - left), _adjoint(np.linalg.inv(shift * one - right))
    found = 2 * shift * here @ noise @ there
    here, there = 2 * shift * here - one, 2 * shift * there - one
    for _ in range(_MOST_STEPS):
        more = here @ found @ there
        found += more
        if np.abs(more).max() <= _ROUNDING * np.abs(found).max():
            return found
        here, there = here @ here, there @ there
    raise TheoryError("a mode of the slab does not decay, so that there is no steady state")


def _adjoint(matrix):
    return np.swapaxes(matrix, -1, -2).conj()
