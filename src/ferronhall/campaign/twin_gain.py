"""By how much a harmonic twin can be expected to lower a variance, from the model alone.

A wave of the slab and that of its twin feel the same noise, and remember it for the time 1/γ in
which the bath damps them. Meanwhile anharmonicity takes the one out of step with the other at a
rate Γ. The amplitudes a of the slab and b of the twin then have ⟨a b*⟩/⟨|b|²⟩ = γ/(γ + Γ), their
energies, and all else that is of second order in them, the correlation ρ = (1 + Γ/γ)⁻², and of the
variance 1 − ρ² is left by a control variate.

Γ is SCATTERING times the frequency shift that heat brings about, δω = δk/2mω with k the closure's
stiffness at the bath's mean temperature against that of the relaxed slab. That number was measured
and not derived.
"""

import numpy as np

from ferronhall.base import units
from ferronhall.model.reference import relaxed_reference, thermal_variance

SCATTERING = 0.22
"""Γ/δω. Between 0.14 and 0.33 in slabs of 9 × 6 × 2 to 31 × 15 × 9 cells at 50 to 1000 K under mean
dampings of 0.75 to 14/ps, from the variances of the edge accumulations of L_z, Δ_B KE and Δ_B P."""

CERTAIN_TO = 3.0
"""Factor within which the estimate lay in all of those."""


def expected_gain(model):
    """Variance of the transverse edge responses without a twin over that with one.

    returns : float, an estimate to a factor CERTAIN_TO; 1 where the ferroelectric state gives way
        to its fluctuations, infinite without any
    """
    temperature = model.temperature.mean()
    if np.all(model.twin_stiffness == model.rest_stiffness[0]):
        # the closure has no solution, see reference.averaged_stiffness
        return 1.0
    relaxed = relaxed_reference(model).stiffness
    shift = abs(relaxed[0].mean() - np.mean(model.twin_stiffness))
    if not shift:
        return np.inf
    mass = model.material.mass[0, 0]
    squares = thermal_variance(model, relaxed, temperature)[0].mean()
    frequency = np.sqrt(units.BOLTZMANN_EV_PER_K * temperature / (mass * squares))
    rate = SCATTERING * shift / (2 * mass * frequency)
    correlation = (1 + rate / model.damping.mean()) ** -2
    return float(1 / (1 - correlation**2))
