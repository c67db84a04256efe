"""An on-site potential with the symmetry of the cubic cell: P may turn, and no axis is marked.

The double well is that of the effective Hamiltonians of the field (King-Smith and Vanderbilt 1994,
Zhong, Vanderbilt and Rabe 1995; sixth and eighth order as Nishimatsu et al. 2010 have them):

    V = κ u² + α u⁴ + γ (u_x² u_y² + u_y² u_z² + u_z² u_x²) + k1 u⁶
        + k2 [u_x⁴ (u_y² + u_z²) + u_y⁴ (u_z² + u_x²) + u_z⁴ (u_x² + u_y²)]
        + k3 u_x² u_y² u_z² + k4 u⁸

κ is that of a uniform u in a crystal without a macroscopic field, short range and dipoles included,
as both leave a uniform u alone here. A homogeneous strain of the cell, e∥ along x and e⊥ across it,
that is held while the mode moves, adds ½ Σ_l (B1xx e_l + B1yy Σ_m≠l e_m) u_l².
"""

import itertools
import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.polynomial import Polynomial
from numpy.polynomial.polynomial import polyval, polyval2d, polyval3d

from ferronhall.base.errors import ConfigError
from ferronhall.model.onsite_potential import AT_REST, DoubleWell

ORDER = 8
"""Degree of the potential."""


@dataclass(frozen=True)
class CubicPotential(DoubleWell):
    """Cubic well about the tetragonal state u0 along x.

    kappa : float, eV/Å²
    alpha, gamma : float, eV/Å⁴
    k1, k2, k3 : float, eV/Å⁶
    k4 : float, eV/Å⁸
    coupling : tuple of two floats, eV/Å²
        B1xx and B1yy.
    strain : tuple of two floats
        e∥ and e⊥.
    tilt : float, eV/Å
        Z E, the force of a static electric field along x.
    """

    kappa: float
    alpha: float
    gamma: float
    k1: float = 0.0
    k2: float = 0.0
    k3: float = 0.0
    k4: float = 0.0
    coupling: tuple = (0.0, 0.0)
    strain: tuple = (0.0, 0.0)
    tilt: float = 0.0

    fluctuating = (0, 1, 2)
    """Components whose fluctuations the potential couples to the mean."""

    @property
    def strained(self):
        """κ of u_x² and of u_y² and u_z², strain included (eV/Å²)."""
        (parallel, other), (along, across) = self.coupling, self.strain
        return (
            self.kappa + (parallel * along + 2 * other * across) / 2,
            self.kappa + (parallel * across + other * (along + across)) / 2,
        )

    @cached_property
    def amplitude(self):
        """u0 (Å), the lowest minimum of the section along x.

        raises : ConfigError where there is none
        """
        section = Polynomial(self._coefficients[:, 0, 0])
        slope = section.deriv()
        roots = slope.roots()
        real = roots[np.abs(roots.imag) <= 1e-9 * np.abs(roots).max()].real
        minima = [float(u) for u in real if u > 0 and slope.deriv()(u) > 0 and section(u) < 0]
        if not minima:
            raise ConfigError(
                f"onsite.form: cubic, and along x the well with κ = {self.strained[0]:.4g} eV/Å² "
                f"and α = {self.alpha:.4g} eV/Å⁴ has no minimum below u = 0, so that nothing is "
                "ferroelectric; take a cubic_well with κ below 0, or a tensile onsite.strain_along"
            )
        return min(minima, key=section)

    @property
    def barrier(self):
        """V(0) − V(u0) along x (eV)."""
        return float(-Polynomial(self._coefficients[:, 0, 0])(self.amplitude))

    @property
    def transverse(self):
        """κ⊥ = V_yy = V_zz at u_E (eV/Å²)."""
        return float(self.average((0, 2, 0), self.equilibrium, AT_REST))

    @property
    def well_force(self):
        """V∥′(u) less the tilt as a polynomial (eV/Å)."""
        return Polynomial(self._coefficients[:, 0, 0]).deriv() - self.tilt

    @property
    def hessian(self):
        """On-site stiffness (k∥, κ⊥, κ⊥) at u_E (eV/Å²), shape (3,)."""
        return np.array([self.stiffness, self.transverse, self.transverse])

    def energy(self, u):
        """The potential less the tilt's work, summed over cells (eV); u of shape (3, ...) in Å."""
        return float(np.sum(polyval3d(*u, self._coefficients) - self.tilt * u[0]))

    def force(self, u):
        """Its force (eV/Å) on a field u of shape (3, ...) in Å."""
        force = -np.array([polyval3d(*u, self._derivative(axis)) for axis in _AXES])
        force[0] += self.tilt
        return force

    def average(self, orders, mean, variance, shear=None, mean_y=None):
        """A derivative of V averaged over normal w about u = (mean, mean_y, 0), exact.

        orders : tuple of three ints
            How often V is derived by u_x, u_y and u_z.
        variance : ndarray, shape (3, ...), Å²
        shear : ndarray, optional, Å²
            ⟨w_x w_y⟩; 0 by default, as mean_y is.
        """
        total = np.zeros(np.shape(mean))
        most = (ORDER - sum(orders)) // 2
        sheared = range(1 if shear is None else most + 1)
        for i, j, k, m in itertools.product(*3 * [range(most + 1)], sheared):
            if i + j + k + m > most:
                continue
            steps = (2 * i + m, 2 * j + m, 2 * k)
            coefficients = self._derivative(tuple(np.add(orders, steps)))
            if mean_y is None:
                coefficients = coefficients[:, :1]
            if not coefficients[:, :, 0].any():
                continue
            if mean_y is None:
                value = polyval(mean, coefficients[:, 0, 0])
            else:
                value = polyval2d(mean, mean_y, coefficients[:, :, 0])
            weight = 2 ** (i + j + k) * math.prod(map(math.factorial, (i, j, k, m)))
            spread = variance[0] ** i * variance[1] ** j * variance[2] ** k / weight
            total = total + value * (spread if m == 0 else spread * shear**m)
        return total if orders != (1, 0, 0) else total - self.tilt

    def mean_force(self, mean, variance):
        """⟨V_x⟩ (eV/Å) over normal w of variances (3, ...) (Å²) about u = (mean, 0, 0)."""
        return self.average((1, 0, 0), mean, variance)

    def mean_stiffness(self, mean, variance=AT_REST):
        """⟨V_xx⟩, ⟨V_yy⟩ and ⟨V_zz⟩ (eV/Å²) over the same, shape (3, ...)."""
        return np.array([self.average(orders, mean, variance) for orders in _SECOND])

    def mean_third(self, mean, variance=AT_REST):
        """⟨V_xxx⟩, ⟨V_xyy⟩ and ⟨V_xzz⟩ (eV/Å³) over the same, shape (3, ...)."""
        return np.array([self.average(orders, mean, variance) for orders in _THIRD])

    def about(self, rest):
        """The potential about u = (rest, 0, 0), what the engine's kernels take.

        rest : float, Å
        returns : ndarray, shape (41,); with s = w_y² + w_z², p = w_y² w_z² and
            V = V∥(w_x) + s f1(w_x) + s² f2 + s³ f3 + s⁴ f4 + p g0 + p s g1, coefficients of powers
            of w_x, one polynomial after another: V∥′ from the first power on (7), 2 f1 (7),
            f1′ (6), 4 f2 (5), f2′ (4), 6 f3 (3), f3′ (2), 8 f4 (1), 2 g0 (3), g0′ (2), 2 g1 (1)
        """
        here = Polynomial([rest, 1])
        f1, f2, f3, f4, g0, g1 = (part(here) for part in self._across)
        parts = (
            (2 * f1, 7),
            (f1.deriv(), 6),
            (4 * f2, 5),
            (f2.deriv(), 4),
            (6 * f3, 3),
            (f3.deriv(), 2),
            (8 * f4, 1),
            (2 * g0, 3),
            (g0.deriv(), 2),
            (2 * g1, 1),
        )
        along = _padded(self.well_force(here), ORDER)[1:]
        return np.concatenate([along, *(_padded(part, length) for part, length in parts)])

    @staticmethod
    def linear(stiffness):
        """What `about` gives of a harmonic potential.

        stiffness : sequence of two floats, eV/Å², along x and across it
        """
        numbers = np.zeros(41)
        numbers[0], numbers[7] = stiffness[0], stiffness[1]
        return numbers

    @property
    def _across(self):
        """f1, f2, f3, f4, g0 and g1 of `about` as polynomials of u_x."""
        square = Polynomial([0, 0, 1])
        one, sixth = Polynomial([1]), 3 * self.k1 + self.k2
        return (
            self.strained[1] * one
            + (2 * self.alpha + self.gamma) * square
            + sixth * square**2
            + 4 * self.k4 * square**3,
            self.alpha * one + sixth * square + 6 * self.k4 * square**2,
            self.k1 * one + 4 * self.k4 * square,
            self.k4 * one,
            self.gamma * one + (self.k3 - 2 * self.k2) * square,
            self.k2 * one,
        )

    @cached_property
    def _coefficients(self):
        """Of the powers of u_x, u_y and u_z in V without the tilt, shape (9, 9, 9)."""
        found = np.zeros(3 * (ORDER + 1,))
        along, across = self.strained
        for axis, kappa in enumerate((along, across, across)):
            found[tuple(np.multiply(2, _AXES[axis]))] += kappa
        for power, factor in ((2, self.alpha), (3, self.k1), (4, self.k4)):
            for powers in itertools.product(range(power + 1), repeat=3):
                if sum(powers) == power:
                    ways = math.factorial(power) // math.prod(map(math.factorial, powers))
                    found[tuple(np.multiply(2, powers))] += ways * factor
        for one, other in itertools.permutations(range(3), 2):
            fourth = np.add(np.multiply(2, _AXES[one]), np.multiply(2, _AXES[other]))
            # each pair comes twice
            found[tuple(fourth)] += self.gamma / 2
            found[tuple(fourth + np.multiply(2, _AXES[one]))] += self.k2
        found[2, 2, 2] += self.k3
        return found

    @cached_property
    def _derivatives(self):
        return {}

    def _derivative(self, orders):
        """Coefficients of a derivative of V, shape (9, 9, 9), each found once."""
        orders = tuple(map(int, orders))
        if orders not in self._derivatives:
            found = self._coefficients
            for axis, order in enumerate(orders):
                for _ in range(order):
                    found = np.moveaxis(found, axis, 0)
                    powers = np.arange(1, ORDER + 1).reshape(-1, 1, 1)
                    found = np.concatenate([powers * found[1:], np.zeros_like(found[:1])])
                    found = np.moveaxis(found, 0, axis)
            self._derivatives[orders] = found
        return self._derivatives[orders]


_AXES = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
_SECOND = ((2, 0, 0), (0, 2, 0), (0, 0, 2))
_THIRD = ((3, 0, 0), (1, 2, 0), (1, 0, 2))


def _padded(polynomial, length):
    coefficients = polynomial.coef[:length]
    return np.pad(coefficients, (0, length - len(coefficients)))
