"""What thermal noise drives of blocks, ∂F/∂T(A) B, without their modes.

With ζ = −ħλ/(2πk_BT) the slope of temperature_waves is a sum over resolvents R_n = 1/(ζ + n), of
which the recurrence of the trigamma function leaves a few and its asymptotic series the rest. With
Q_n = ζ R_n = 1 − n R_n,

    ∂F/∂T = 1/2 + Σ_n Q_n² − N Q_N + Q_N²/2 + Q_N² Σ_j B_2j R_N^(2j−1),     n = 1 … N − 1

As dw/dt = p, a resolvent takes an inverse of half a block: with τ = ħ/(2πk_BT) its powers R^k B
have the displacements

    x_1 = M⁻¹ τB,   x_(k+1) = M⁻¹ [(2n − τΓ) x_k − x_(k−1)],   M = τ²H/M + n² − nτΓ

and the momenta (n x_k − x_(k−1))/τ.
"""

from math import pi

import numpy as np
from scipy.special import bernoulli

from ferronhall.theory.baths import KELVIN

_RESOLVENTS, _TERMS = 8, 12
"""N and the terms of the series that leave rounding at |ζ + N| ≥ N."""

_MOST = 12.0
"""|ζ| up to which the terms of the sum, of the order of ζ, cancel to no more than rounding."""


def holds_for(frequency, temperature):
    """Whether the sum is as good as modes for all |λ| up to a frequency (rad/ps), at T (K)."""
    return KELVIN * frequency / (2 * pi * temperature) < _MOST


def thermally_driven(stiffness, decay, noise, temperature):
    """∂F/∂T(A) of what drives p alone.

    stiffness : ndarray, shape (..., m, m), 1/ps²
        H/M of A = (0, 1; −H/M, Γ).
    decay : ndarray, shape (m, m), 1/ps
        Γ.
    noise : ndarray, shape (m, k)
        B.
    temperature : float, K, above 0
    returns : ndarray, shape (..., 2m, k), in the unit of noise
    """
    time = KELVIN / (2 * pi * temperature)
    w, p = 0.0, (0.5 + _RESOLVENTS - 1 + _COEFFICIENTS[0]) * noise
    for n in range(1, _RESOLVENTS + 1):
        # of R_n, R_n², …; what stands before 1 is in p
        coefficients = _COEFFICIENTS[1:] if n == _RESOLVENTS else (-2 * n, n**2)
        matrix = time**2 * stiffness + n * (n * np.eye(len(decay)) - time * decay)
        inverse = np.linalg.inv(matrix)
        further = inverse @ (2 * n * np.eye(len(decay)) - time * decay)
        before, x = np.zeros_like(noise), time * (inverse @ noise)
        for k, coefficient in enumerate(coefficients):
            if k:
                before, x = x, further @ x - (inverse @ before if k > 1 else 0.0)
            w = w + coefficient * x
            p = p + coefficient / time * (n * x - before)
    return np.concatenate([w, p], axis=-2)


def _series():
    """−N Q + Q²/2 + Q² Σ_j B_2j R^(2j−1) as coefficients of 1, R, R², …"""
    n = _RESOLVENTS
    found = np.zeros(2 * _TERMS + 2)
    found[:3] = -n + 0.5, n**2 - n, n**2 / 2
    for j, number in enumerate(bernoulli(2 * _TERMS)[2::2]):
        found[2 * j + 1 : 2 * j + 4] += number * np.array([1, -2 * n, n**2])
    return found


_COEFFICIENTS = _series()
