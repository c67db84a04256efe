"""What the bath's noise is in a temperature profile T(x): white, or of quantum statistics.

Its spectrum 2γM θ(ω, T(x)) is a sum of waves along x, and the wave exp(ikx) couples q to q − k. Of
every wave two modes build up to

    ⟨a b*⟩ = −[F_k(λ_a) + F_k(λ_b*)]/(λ_a + λ_b*) d_a · d_b*
    F_k(λ) = (1/π) ∫₀^∞ dω θ_k(ω) (−λ)/(λ² + ω²)

The classical θ = k_B T makes F_k a constant, k_B T̂(k)/2. That of an oscillator without its
zero-point part, θ = ħω/(exp(ħω/k_BT) − 1), has the integral in closed form (Binet's), with
ζ = −ħλ/(2πk_BT),

    F(λ, T) = −(ħλ/2π) [ln ζ − 1/(2ζ) − ψ(ζ)]

Temperatures and F are in K here, as the noise is per kelvin.
"""

from copy import copy
from dataclasses import dataclass

import numpy as np
from scipy.special import digamma

from ferronhall.base import units
from ferronhall.model.statistics import CLASSICAL, QUANTUM

_LEFT_OUT = 1e-8
"""Waves of the bath are left out while they add up to less than this part of the largest."""

_KELVIN = units.HBAR / units.BOLTZMANN_EV_PER_K
"""ħ/k_B in K ps."""

_FREQUENCIES = np.geomspace(0.1, 1e3, 25)
"""At which the waves of a quantum bath are compared (rad/ps)."""

_ASYMPTOTIC = 12.0
"""|ζ| from which on the series of Stirling holds to rounding."""

_STIRLING = (1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12)
"""B_2n/2n."""


@dataclass(frozen=True)
class Wave:
    """One wave of the bath's noise along x.

    k : int, index of 2π/(nx a)
    coefficient : complex
        What its moments per kelvin are multiplied by (K, or 1 where F has the size).
    index : int or None
        Which of the bath's F it has; None for white noise.
    """

    k: int
    coefficient: complex
    index: int | None = None


class ClassicalBath:
    """White noise of k_B T(x).

    temperature : ndarray, shape (nx,), K
    """

    def __init__(self, temperature):
        components = np.fft.rfft(temperature) / len(temperature)
        counted = counting_waves(np.abs(components)[None])
        self.waves = [Wave(int(k), components[k]) for k in counted]

    def spectra(self, values):
        """F of the waves that are not white at λ; there are none."""
        return np.empty((0, len(values)), complex)


class QuantumBath:
    """Noise whose spectrum is that of quantum statistics, its thermal part.

    temperature : ndarray, shape (nx,), K

    Each of its waves is what θ(ω, T(x)) makes with one row of `weights`, shape (waves, nx).
    """

    def __init__(self, temperature):
        self.temperature = np.asarray(temperature, float)
        nx = len(self.temperature)
        theta = thermal_energy(_FREQUENCIES[:, None], self.temperature)
        counted = counting_waves(np.abs(np.fft.rfft(theta, axis=1)))
        x = np.arange(nx) - (nx - 1) / 2
        even = np.allclose(self.temperature, self.temperature[::-1], rtol=1e-12, atol=0)
        self.waves, weights = [], []
        for k in counted:
            # F of real weights has conjugate values at conjugate λ, as modes in pairs need it
            angle = 2 * np.pi * k / nx * x
            origin = np.exp(-1j * np.pi * k * (nx - 1) / nx)
            for phase, wave in (
                ((1, np.cos(angle)),)
                if even
                else (
                    (1, np.cos(angle)),
                    (-1j, np.sin(angle)),
                )
            ):
                self.waves.append(Wave(int(k), origin * phase, len(weights)))
                weights.append(wave / nx)
        self.weights = np.array(weights).reshape(-1, nx)

    @property
    def mean(self):
        """Its mean over x alone, a bath that leaves the slab in equilibrium."""
        bath = copy(self)
        bath.waves = [wave for wave in self.waves if wave.k == 0]
        bath.weights = self.weights[[wave.index for wave in bath.waves]]
        return bath

    def spectra(self, values):
        """F (K) of every wave at λ, shape (waves, n)."""
        return self.weights @ half_line_transform(values[None], self.temperature[:, None])


BATHS = {CLASSICAL: ClassicalBath, QUANTUM: QuantumBath}
"""The statistics of the bath, by their names in theory.statistics."""


def counting_waves(sizes):
    """Indices k of the waves that count.

    sizes : ndarray, shape (n, waves)
        Their sizes, at n frequencies for instance; a wave counts where it does at one of them.
    """
    largest = sizes.max(axis=1, keepdims=True)
    kept = sizes[largest[:, 0] > 0] / largest[largest[:, 0] > 0]
    if not len(kept):
        return np.array([0])
    part = kept.max(axis=0)
    rising = np.argsort(part, kind="stable")
    left_out = np.cumsum(part[rising]) < _LEFT_OUT
    return np.sort(rising[~left_out])


def thermal_energy(omega, temperature):
    """θ/k_B (K) of an oscillator of frequency ω (rad/ps) without its zero-point part."""
    omega, temperature = np.broadcast_arrays(omega, temperature)
    ratio = np.divide(
        _KELVIN * omega, temperature, out=np.full(omega.shape, np.inf), where=temperature > 0
    )
    with np.errstate(over="ignore"):
        return _KELVIN * omega / np.expm1(ratio)


def half_line_transform(values, temperature):
    """F(λ, T)/k_B (K) at λ of negative real part (1/ps); goes to T/2 for small ħλ/k_BT."""
    values, temperature = np.broadcast_arrays(-np.asarray(values, complex), temperature)
    result = np.zeros(values.shape, complex)
    warm = temperature > 0
    z = values[warm]
    zeta = _KELVIN / (2 * np.pi) * z / temperature[warm]
    far = np.abs(zeta) > _ASYMPTOTIC
    bracket = np.empty_like(zeta)
    near = zeta[~far]
    bracket[~far] = np.log(near) - 1 / (2 * near) - digamma(near)
    inverse = zeta[far] ** -2
    bracket[far] = inverse * np.polyval(_STIRLING[::-1], inverse)
    result[warm] = _KELVIN / (2 * np.pi) * z * bracket
    return result
