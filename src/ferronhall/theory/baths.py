"""What the bath's noise is at temperatures T(x) or T(x, y): white, or of quantum statistics.

Its spectrum 2γM θ(ω, T(x)) is a sum of waves along x, and the wave exp(ikx) couples q to q − k. Of
every wave two modes build up to

    ⟨a b*⟩ = −[F_k(λ_a) + F_k(λ_b*)]/(λ_a + λ_b*) d_a · d_b*
    F_k(λ) = (1/π) ∫₀^∞ dω θ_k(ω) (−λ)/(λ² + ω²)

The classical θ = k_B T makes F_k a constant, k_B T̂(k)/2. That of an oscillator without its
zero-point part, θ = ħω/(exp(ħω/k_BT) − 1), has the integral in closed form (Binet's), with
ζ = −ħλ/(2πk_BT),

    F(λ, T) = −(ħλ/2π) [ln ζ − 1/(2ζ) − ψ(ζ)]

Of a T(x, y) every wave along x has a profile over y as well, which multiplies the noise layer by
layer: d_a · d_b* becomes Σ_y p(y) d_a(y) · d_b*(y). θ(ω, T(x, y)) is no product of functions of ω
and of the cell, but a short sum of them, Σ_r θ(ω, T_r) c_r(x, y), over a few of the map's own
temperatures.

Temperatures and F are in K here, as the noise is per kelvin.
"""

from copy import copy
from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import qr, solve_triangular
from scipy.special import digamma

from ferronhall.base import units
from ferronhall.model.statistics import CLASSICAL, QUANTUM

_LEFT_OUT = 1e-8
"""Waves of the bath are left out while they add up to less than this part of the largest."""

KELVIN = units.HBAR / units.BOLTZMANN_EV_PER_K
"""ħ/k_B in K ps."""

_FREQUENCIES = np.geomspace(0.1, 1e3, 25)
"""At which the waves of a quantum bath are compared (rad/ps)."""

_FITTED = np.geomspace(0.01, 1e4, 200)
"""At which a sum over temperatures is fitted (rad/ps)."""

_ASYMPTOTIC = 12.0
"""|ζ| from which on the series of Stirling holds to rounding."""

_STIRLING = (1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12)
"""B_2n/2n."""


_INTERPOLATED = 1e-9
"""Part of the largest θ by which its sum over a few temperatures of a map may miss it."""


_ROUNDED = 1e-11
"""Part of the highest temperature of a map to which its temperatures are told apart."""


@dataclass(frozen=True, eq=False)
class Wave:
    """One wave of the bath's noise along x.

    k : int, index of 2π/(nx a)
    coefficient : complex
        What its moments per kelvin are multiplied by (K, or 1 where F has the size).
    index : int or None
        Which of the bath's F it has; None for white noise.
    profile : ndarray, shape (ny,), or None
        p(y) of the noise: even and real, or odd and imaginary, as the real bases of the layers have
        it (see layer_basis); None for 1 in every layer.
    """

    k: int
    coefficient: complex
    index: int | None = None
    profile: np.ndarray | None = None

    @property
    def odd(self):
        """Whether its noise changes sign with y."""
        return self.profile is not None and np.iscomplexobj(self.profile)


class ClassicalBath:
    """White noise of k_B T(x).

    temperature : ndarray, shape (nx,) or (nx, ny), K
    """

    def __init__(self, temperature):
        temperature = _without_layers(temperature)
        if temperature.ndim == 2:
            parts = map_parts(temperature)
            counted = counting_waves(np.array([_size(p) for p in parts])[None])
            self.waves = [Wave(*parts[i][:2], profile=parts[i][2]) for i in counted]
            return
        components = np.fft.rfft(temperature) / len(temperature)
        counted = counting_waves(np.abs(components)[None])
        self.waves = [Wave(int(k), components[k]) for k in counted]

    def spectra(self, values):
        """F of the waves that are not white at λ; there are none."""
        return np.empty((0, len(values)), complex)


class QuantumBath:
    """Noise whose spectrum is that of quantum statistics, its thermal part.

    temperature : ndarray, shape (nx,) or (nx, ny), K

    Each of its waves is what θ(ω, T(x)) makes with one row of `weights`, shape (waves, nx).
    """

    def __init__(self, temperature):
        self.temperature = _without_layers(temperature)
        if self.temperature.ndim == 2:
            self._sum_of_temperatures()
            return
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

    def _sum_of_temperatures(self):
        """The waves of θ(ω, T(x, y)) as a sum over temperatures that the map itself has."""
        self.temperature, coefficients = interpolated(self.temperature)
        parts = [(r, *part) for r, c in enumerate(coefficients) for part in map_parts(c)]
        theta = thermal_energy(_FREQUENCIES[:, None], self.temperature)
        sizes = np.array([_size(part[1:]) * theta[:, part[0]] for part in parts]).T
        self.waves = [
            Wave(k, coefficient, r, profile)
            for r, k, coefficient, profile in (parts[i] for i in counting_waves(sizes))
        ]
        self.weights = np.eye(len(self.temperature))

    @property
    def mean(self):
        """Its mean over x alone; without a profile over y it leaves the slab in equilibrium."""
        bath = copy(self)
        waves = [wave for wave in self.waves if wave.k == 0]
        bath.waves = [replace(wave, index=n) for n, wave in enumerate(waves)]
        bath.weights = self.weights[[wave.index for wave in waves]]
        return bath

    def spectra(self, values):
        """F (K) of every wave at λ, shape (waves, n)."""
        # columns of one temperature share it
        distinct, place = np.unique(self.temperature, return_inverse=True)
        return self.weights @ half_line_transform(values[None], distinct[:, None])[place]


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


def map_parts(values):
    """The waves along x of a map, each a number times a profile over y of one parity.

    values : ndarray, shape (nx, ny)
    returns : list of (k, coefficient, profile), k up to the Nyquist component, profiles as in Wave
    """
    nx = len(values)
    parts = []
    x = np.arange(nx) - (nx - 1) / 2
    for k in range(nx // 2 + 1):
        angle = 2 * np.pi * k / nx * x
        origin = np.exp(-1j * np.pi * k * (nx - 1) / nx)
        for phase, wave in ((1, np.cos(angle)), (-1j, np.sin(angle))):
            profile = wave @ values / nx
            mirrored = profile[::-1]
            parts.append((k, origin * phase, (profile + mirrored) / 2))
            parts.append((k, 1j * origin * phase, -0.5j * (profile - mirrored)))
    # what the mirrors forbid is there as rounding
    least = 1e-14 * max(map(_size, parts))
    return [part for part in parts if _size(part) > least] or parts[:1]


def interpolated(temperature):
    """Temperatures T_r of a map and c_r(x, y) with θ(ω, T(x, y)) = Σ_r θ(ω, T_r) c_r(x, y).

    temperature : ndarray, shape (nx, ny), K
    returns : T_r, shape (n,); c, shape (n, nx, ny)
    """
    # what mirrors make equal but for rounding is one temperature, or c would tell the images apart
    rounding = max(temperature.max(), 1e-300) * _ROUNDED
    values, place = np.unique(np.round(temperature / rounding), return_inverse=True)
    values = values * rounding
    theta = thermal_energy(_FITTED[:, None], values)
    _, r, order = qr(theta, mode="economic", pivoting=True)
    size = np.abs(np.diag(r))
    n = max(1, np.count_nonzero(size > _INTERPOLATED * size[0]))
    c = np.zeros((n, len(values)))
    c[:, order[:n]] = np.eye(n)
    if size[0] > 0:
        c[:, order[n:]] = solve_triangular(r[:n, :n], r[:n, n:])
    return values[order[:n]], c[:, place.reshape(temperature.shape)]


def _size(part):
    return np.abs(part[2]).max()


def _without_layers(temperature):
    """T(x) where every layer has the same, shape (nx,)."""
    temperature = np.asarray(temperature, float)
    if temperature.ndim == 2 and np.ptp(temperature, axis=1).max() == 0:
        return temperature[:, 0]
    return temperature


def thermal_energy(omega, temperature):
    """θ/k_B (K) of an oscillator of frequency ω (rad/ps) without its zero-point part."""
    omega, temperature = np.broadcast_arrays(omega, temperature)
    ratio = np.divide(
        KELVIN * omega, temperature, out=np.full(omega.shape, np.inf), where=temperature > 0
    )
    with np.errstate(over="ignore"):
        return KELVIN * omega / np.expm1(ratio)


def half_line_transform(values, temperature):
    """F(λ, T)/k_B (K) at λ of negative real part (1/ps); goes to T/2 for small ħλ/k_BT."""
    values, temperature = np.broadcast_arrays(-np.asarray(values, complex), temperature)
    result = np.zeros(values.shape, complex)
    warm = temperature > 0
    z = values[warm]
    zeta = KELVIN / (2 * np.pi) * z / temperature[warm]
    far = np.abs(zeta) > _ASYMPTOTIC
    bracket = np.empty_like(zeta)
    near = zeta[~far]
    bracket[~far] = np.log(near) - 1 / (2 * near) - digamma(near)
    inverse = zeta[far] ** -2
    bracket[far] = inverse * np.polyval(_STIRLING[::-1], inverse)
    result[warm] = KELVIN / (2 * np.pi) * z * bracket
    return result
