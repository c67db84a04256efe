"""The on-site potential as polynomials: the well, its force, and the force about u0."""

import numpy as np
from numpy.polynomial import Polynomial


def well_energy(coefficients, u):
    """A2 u²/2 + B4 u⁴/4 + C6 u⁶/6 (eV) of amplitudes u (Å), Eq. S17.

    coefficients : sequence of A2 (eV/Å²), B4 (eV/Å⁴) and C6 (eV/Å⁶)
    """
    a2, b4, c6 = coefficients
    return a2 / 2 * u**2 + b4 / 4 * u**4 + c6 / 6 * u**6


def well_force(onsite):
    """V∥′(u) of Eq. S46 as a polynomial (eV/Å), of a material.OnSitePotential."""
    return Polynomial([0, onsite.quadratic, 0, onsite.quartic, 0, onsite.sextic])


def well_polynomial(onsite):
    """V∥′(u0 + w) as coefficients of w, w², … w⁵ (eV/Å², eV/Å³, …), exact for Eq. S5."""
    shifted = well_force(onsite)(Polynomial([onsite.amplitude, 1])).coef
    return np.pad(shifted, (0, 6 - len(shifted)))[1:]


def onsite_polynomial(onsite):
    """The on-site force about u0: well_polynomial and the transverse spring, shape (6,)."""
    return np.append(well_polynomial(onsite), onsite.transverse)
