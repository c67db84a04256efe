"""From Berry phases at several amplitudes to a second-order mode effective charge (Eq. 3)."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from ferronhall.base.errors import FirstPrinciplesError


@dataclass(frozen=True)
class ChargeFit:
    """Z⁽²⁾ and the next order of p/(N Q_λ Q_μ) = Z⁽²⁾ + c (Q_λ² + Q_μ²)/2.

    charge, stderr : float, e/Å
        The standard error follows from the scatter about the fit; NaN where no point is left over.
    next_order, next_order_stderr : float, e/Å³
    residual : float, e Å
        Root mean square of what the fit leaves of the dipole moments.
    points : int
    """

    charge: float
    stderr: float
    next_order: float
    next_order_stderr: float
    residual: float
    points: int


def cross_term(dipoles, images, quantum):
    """The part of a dipole moment that is odd in both modes, and the period it is known up to.

    dipoles : dict of (s1, s2) → float, e Å
        At amplitudes (s1 Q_λ, s2 Q_μ), s = ±1, each known up to multiples of `quantum`.
    images : sequence of (s1, s2, s3), selection_rule.sign_images
        Fill in what was not computed: p(s1 Q_λ, s2 Q_μ) = s3 p(Q_λ, Q_μ).
    returns : (cross term, period), e Å
    raises : FirstPrinciplesError where neither a run nor an image gives one of the four signs
    """
    total = sum(
        signs[0] * signs[1] * _at(signs, dipoles, images) for signs in product((1, -1), repeat=2)
    )
    # by symmetry the parent itself has a dipole of zero or half a quantum, and as long as images
    # stand for runs nothing tells which; four runs add four unknown multiples
    return total / 4, quantum / (4 if len(dipoles) > 2 else 2)


def fit_charge(first, second, dipoles, cells):
    """Least squares of p = N Q_λ Q_μ [Z⁽²⁾ + c (Q_λ² + Q_μ²)/2] (Eq. 3 and the next order).

    first, second : array, shape (m,), Å
        Order parameters, of two or more different sizes.
    dipoles : array, shape (m,), e Å
        Cross terms.
    cells : int
        N.
    """
    bilinear = cells * np.asarray(first) * np.asarray(second)
    square = (np.asarray(first) ** 2 + np.asarray(second) ** 2) / 2
    design = np.stack([bilinear, bilinear * square], axis=1)
    if len(np.unique(np.round(square, 12))) < 2:
        raise FirstPrinciplesError(
            "amplitudes: a fit needs two or more different ones, to tell the second order from the "
            f"next; there is {np.sqrt(square[0]):g} Å alone"
        )
    solution = np.linalg.lstsq(design, dipoles, rcond=None)[0]
    left = dipoles - design @ solution
    spare = len(design) - 2
    variance = left @ left / spare if spare else np.nan
    errors = np.sqrt(variance * np.diag(np.linalg.inv(design.T @ design)))
    return ChargeFit(
        float(solution[0]),
        float(errors[0]),
        float(solution[1]),
        float(errors[1]),
        float(np.sqrt(np.mean(left**2))),
        len(design),
    )


def _at(signs, dipoles, images):
    """The dipole at the given signs, from the run itself or from an image of another."""
    if signs in dipoles:
        return dipoles[signs]
    for s1, s2, s3 in images:
        source = (signs[0] * s1, signs[1] * s2)
        if source in dipoles:
            return s3 * dipoles[source]
    raise FirstPrinciplesError(
        f"no run at the signs {signs} of the two modes, and none that is its image by symmetry; "
        f"there are {sorted(dipoles)}"
    )
