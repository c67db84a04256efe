"""The on-site potential: the double well, its force and derivatives, and the force about u0."""

from dataclasses import dataclass

import numpy as np
from numpy.polynomial import Polynomial


def well_energy(coefficients, u):
    """A2 u²/2 + B4 u⁴/4 + C6 u⁶/6 (eV) of amplitudes u (Å), Eq. S17.

    coefficients : sequence of A2 (eV/Å²), B4 (eV/Å⁴) and C6 (eV/Å⁶)
    """
    a2, b4, c6 = coefficients
    return a2 / 2 * u**2 + b4 / 4 * u**4 + c6 / 6 * u**6


@dataclass(frozen=True)
class OnSitePotential:
    """Double well along x and harmonic confinement across it (Eq. S4).

    amplitude : float, Å
        u0, the minimum of the well.
    barrier : float, eV
        V(0) − V(u0).
    sextic : float, eV/Å⁶
        C6.
    transverse : float, eV/Å²
        κ⊥.
    """

    amplitude: float
    barrier: float
    sextic: float
    transverse: float

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
        """V∥′(u) of Eq. S46 as a polynomial (eV/Å); its derivatives are those of the well."""
        return Polynomial([0, self.quadratic, 0, self.quartic, 0, self.sextic])

    @property
    def stiffness(self):
        """k∥ = V″(u0) (eV/Å²), Eq. S49."""
        return float(self.well_force.deriv()(self.amplitude))

    @property
    def cubic_anharmonicity(self):
        """a∥ = V‴(u0) (eV/Å³), Eq. S50."""
        return float(self.well_force.deriv(2)(self.amplitude))

    @property
    def hessian(self):
        """On-site stiffness (k∥, κ⊥, κ⊥) at u0 (eV/Å²), shape (3,)."""
        return np.array([self.stiffness, self.transverse, self.transverse])

    def energy(self, u):
        """Eq. S4 summed over cells (eV) for a field u of shape (3, ...) in Å."""
        across = self.transverse / 2 * np.sum(u[1:] ** 2)
        return float(np.sum(self.well_force.integ()(u[0])) + across)

    def force(self, u):
        """Eq. S5 (eV/Å) for a field u of shape (3, ...) in Å."""
        return np.concatenate([-self.well_force(u[0])[None], -self.transverse * u[1:]])

    @property
    def about_minimum(self):
        """V∥′(u0 + w) as coefficients of w … w⁵ (eV/Å², eV/Å³, …), then κ⊥, shape (6,)."""
        shifted = self.well_force(Polynomial([self.amplitude, 1])).coef
        return np.append(np.pad(shifted, (0, 6 - len(shifted)))[1:], self.transverse)
