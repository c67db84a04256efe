"""The double well in a static electric field: force and derivatives about its minimum."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.polynomial import Polynomial

from ferronhall.base.errors import ConfigError
from ferronhall.model.gaussian_average import gaussian_average

AT_REST = np.zeros(3)
"""Variances of w that does not fluctuate (Å²)."""


def well_energy(coefficients, u):
    """A2 u²/2 + B4 u⁴/4 + C6 u⁶/6 (eV) of amplitudes u (Å), Eq. S17.

    coefficients : sequence of A2 (eV/Å²), B4 (eV/Å⁴) and C6 (eV/Å⁶)
    """
    a2, b4, c6 = coefficients
    return a2 / 2 * u**2 + b4 / 4 * u**4 + c6 / 6 * u**6


class DoubleWell:
    """What every on-site potential has of its section along x, V∥(u) less the tilt's work.

    amplitude : float, Å
        u0, the minimum without a tilt.
    tilt : float, eV/Å
        Z E, the force of a static electric field along x.
    well_force : Polynomial, eV/Å
        V∥′(u) less the tilt.
    fluctuating : tuple of int
        Components whose fluctuations the potential couples to the mean.
    """

    @property
    def coupled(self):
        """Whether fluctuations across the axis pull on the mean, as in a cubic well."""
        return len(self.fluctuating) > 1

    @cached_property
    def equilibrium(self):
        """u_E (Å), the minimum that u0 becomes in the electric field; u0 without one.

        Every deviation w is counted from it.
        raises : ConfigError where there is none
        """
        if self.tilt == 0:
            return self.amplitude
        beyond = [u for u in _real_roots(self.well_force) if u > self._inflection]
        if not beyond:
            raise ConfigError(
                f"electric_field.x_kV_per_cm: in its force of {self.tilt:.4g} eV/Å on the local "
                "mode a domain along +x has no equilibrium; take a weaker field"
            )
        return beyond[0]

    @property
    def spinodal(self):
        """Force (eV/Å) against the polarization at which the domain loses its equilibrium."""
        return float(-(self.well_force(self._inflection) + self.tilt))

    @property
    def _inflection(self):
        """Where between 0 and u0 V∥″ vanishes (Å)."""
        return max(u for u in _real_roots(self.well_force.deriv()) if 0 < u < self.amplitude)

    @property
    def stiffness(self):
        """k∥ = V″(u_E) (eV/Å²), Eq. S49."""
        return float(self.well_force.deriv()(self.equilibrium))

    @property
    def cubic_anharmonicity(self):
        """a∥ = V‴(u_E) (eV/Å³), Eq. S50."""
        return float(self.well_force.deriv(2)(self.equilibrium))

    @property
    def about_minimum(self):
        """What the engine takes of the potential (see about), at u_E."""
        return self.about(self.equilibrium)


@dataclass(frozen=True)
class OnSitePotential(DoubleWell):
    """Double well along x and harmonic confinement across it (Eq. S4).

    amplitude : float, Å
        u0, the minimum of the well.
    barrier : float, eV
        V(0) − V(u0).
    sextic : float, eV/Å⁶
        C6.
    transverse : float, eV/Å²
        κ⊥.
    tilt : float, eV/Å
        Z E, the force of a static electric field along x.
    """

    amplitude: float
    barrier: float
    sextic: float
    transverse: float
    tilt: float = 0.0

    fluctuating = (0,)
    """Components whose fluctuations the potential couples to the mean."""

    def mean_force(self, mean, variance):
        """⟨V_x⟩ (eV/Å) over normal w of variances (3, ...) (Å²) about u = (mean, 0, 0)."""
        return gaussian_average(self.well_force, mean, variance[0])

    def mean_stiffness(self, mean, variance=AT_REST):
        """⟨V_xx⟩, ⟨V_yy⟩ and ⟨V_zz⟩ (eV/Å²) over the same, shape (3, ...)."""
        across = np.full(np.shape(mean), self.transverse)
        return np.array(
            [gaussian_average(self.well_force.deriv(), mean, variance[0]), across, across]
        )

    def mean_third(self, mean, variance=AT_REST):
        """⟨V_xxx⟩, ⟨V_xyy⟩ and ⟨V_xzz⟩ (eV/Å³) over the same, shape (3, ...)."""
        across = np.zeros(np.shape(mean))
        return np.array(
            [gaussian_average(self.well_force.deriv(2), mean, variance[0]), across, across]
        )

    @staticmethod
    def linear(stiffness):
        """What `about` gives of a harmonic potential.

        stiffness : sequence of two floats, eV/Å², along x and across it
        """
        return np.array([stiffness[0], 0.0, 0.0, 0.0, 0.0, stiffness[1]])

    @property
    def quartic(self):
        """B4 (eV/Å⁴) that puts the minimum at u0 with the given barrier, for a given C6."""
        u0 = self.amplitude
        return 4 * (self.barrier - self.sextic * u0**6 / 3) / u0**4

    @property
    def quadratic(self):
        """A2 (eV/Å²) from the minimum condition, Eq. S47."""
        u0 = self.amplitude
        return -(self.quartic * u0**2 + self.sextic * u0**4)

    @property
    def well_force(self):
        """V∥′(u) of Eq. S46 less the tilt as a polynomial (eV/Å)."""
        return Polynomial([-self.tilt, self.quadratic, 0, self.quartic, 0, self.sextic])

    @property
    def hessian(self):
        """On-site stiffness (k∥, κ⊥, κ⊥) at u_E (eV/Å²), shape (3,)."""
        return np.array([self.stiffness, self.transverse, self.transverse])

    def energy(self, u):
        """Eq. S4 less the tilt's work, summed over cells (eV); u of shape (3, ...) in Å."""
        across = self.transverse / 2 * np.sum(u[1:] ** 2)
        return float(np.sum(self.well_force.integ()(u[0])) + across)

    def force(self, u):
        """Eq. S5 (eV/Å) for a field u of shape (3, ...) in Å."""
        return np.concatenate([-self.well_force(u[0])[None], -self.transverse * u[1:]])

    def about(self, rest):
        """V∥′(rest + w) − V∥′(rest), what the engine's kernels take.

        rest : float, Å
        returns : ndarray, shape (6,), coefficients of w … w⁵ (eV/Å², eV/Å³, …), then κ⊥
        """
        shifted = self.well_force(Polynomial([rest, 1])).coef
        return np.append(np.pad(shifted, (0, 6 - len(shifted)))[1:], self.transverse)

    def about_each(self, rest):
        """The same of many cells: rest of any shape, returns (..., 6)."""
        orders = range(1, 6)
        along = [self.well_force.deriv(n)(rest) / math.factorial(n) for n in orders]
        return np.stack([*along, np.full_like(rest, self.transverse)], axis=-1)


def _real_roots(polynomial):
    """In rising order; a root counts as real to rounding."""
    roots = polynomial.roots()
    real = roots[np.abs(roots.imag) <= 1e-9 * np.abs(roots).max()].real
    return sorted(map(float, real))
