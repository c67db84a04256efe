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


def resolvent(stiffness, decay, shift):
    """(μ − A)⁻¹ of A = (0, 1; −H/M, Γ), from an inverse of half its size, shape (..., 2m, 2m).

    stiffness, decay : ndarray, shapes (..., m, m), 1/ps², and (m, m), 1/ps
        H/M and Γ.
    shift : float, 1/ps
        μ.
    """
    m = len(decay)
    rest = shift * np.eye(m) - decay
    inverse = np.linalg.inv(stiffness + shift * rest)
    found = np.empty((*stiffness.shape[:-2], 2 * m, 2 * m), inverse.dtype)
    found[..., :m, :m] = inverse @ rest
    found[..., :m, m:] = inverse
    found[..., m:, :] = shift * found[..., :m, :]
    found[..., m:, :m] -= np.eye(m)
    return found


def covariance(left, right, noise, shift):
    """C of stacks of pairs, A C + C B† + S = 0.

    left, right : ndarray, shape (..., N, N), ps
        (μ − A)⁻¹ and (μ − B)⁻¹, of blocks whose modes all decay.
    noise : ndarray, shape (..., N, N)
        S.
    shift : float, 1/ps
        μ, of the order of the modes' frequencies.
    returns : ndarray, shape (..., N, N)
    raises : TheoryError when a mode does not decay
    """
    one = np.eye(left.shape[-1])
    here, there = 2 * shift * left, 2 * shift * _adjoint(right)
    found = here @ noise @ there
    found /= 2 * shift
    here, there = here - one, there - one
    for _ in range(_MOST_STEPS):
        more = here @ found @ there
        found += more
        # what the next step would add is smaller by as much again
        if np.abs(more).max() ** 2 <= _ROUNDING / 10 * np.abs(found).max() ** 2:
            return found
        here, there = here @ here, there @ there
    raise TheoryError("a mode of the slab does not decay, so that there is no steady state")


def _adjoint(matrix):
    return np.swapaxes(matrix, -1, -2).conj()
