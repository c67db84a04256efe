"""The bath's noise under a weak wave of temperature about a uniform T₀.

White noise has k_B δT of it, whatever T₀. Of quantum statistics it has ∂θ/∂T, whose transform is in
closed form as F is (see baths), with ζ = −ħλ/(2πk_BT₀) and the trigamma function ψ′,

    ∂F/∂T = ζ² ψ′(ζ) − ζ − 1/2

which goes to 1/2, the classical value, for k_BT₀ ≫ ħω.
"""

import numpy as np

from ferronhall.model.statistics import CLASSICAL
from ferronhall.theory.baths import KELVIN, Wave

FAR = 12
"""|ζ| from which on the asymptotic series of ψ′ holds to rounding; ζ is shifted by as many."""

BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6)
"""B_2n of that series."""


class WaveBath:
    """Noise of one wave of temperature, 1 K, that couples a wave vector to the next on a list.

    statistics : one of the names in baths.BATHS
    temperature : float, K
        T₀, above 0.
    """

    def __init__(self, statistics, temperature):
        self.temperature = None if statistics == CLASSICAL else temperature
        self.waves = [Wave(1, 1.0, None if self.temperature is None else 0)]

    @property
    def white(self):
        """Whether its noise is white."""
        return self.temperature is None

    def spectra(self, values):
        """∂F/∂T of the wave at λ, shape (1, n); white noise has none."""
        if self.temperature is None:
            return np.empty((0, len(values)), complex)
        return half_line_slope(values, self.temperature)[None]


def half_line_slope(values, temperature):
    """∂F/∂T of baths.half_line_transform at λ of negative real part (1/ps), T above 0 K."""
    zeta = KELVIN / (2 * np.pi) * -np.asarray(values, complex) / temperature
    far = np.abs(zeta) > FAR
    result = np.empty_like(zeta)
    result[far] = zeta[far] ** 2 * _tail(zeta[far])
    near = zeta[~far]
    shifted = near + FAR
    trigamma = 1 / shifted + shifted**-2 / 2 + _tail(shifted)
    trigamma += sum((near + n) ** -2 for n in range(FAR))
    result[~far] = near**2 * trigamma - near - 0.5
    return result


def _tail(zeta):
    """ψ′(ζ) − 1/ζ − 1/(2ζ²) of large |ζ|."""
    inverse = zeta**-2
    return inverse / zeta * np.polyval(BERNOULLI[::-1], inverse)
