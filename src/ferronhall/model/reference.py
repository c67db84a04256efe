"""The static state the fluctuations are counted from, and the stiffness they feel there.

At zero temperature it is the relaxed slab: the faces pull on the uniform state u0, and walls stand
between its domains (see domains). At finite temperature the Gaussian closure replaces the on-site
force and stiffness by their averages over the fluctuations, ⟨V′(ū + w)⟩ and ⟨V″(ū + w)⟩ with w
drawn from N(0, ⟨w²⟩), and ⟨w²⟩ by that of the stiffness so found. The bath enters through its mean
over x: that is the Fourier component k = 0 of T(x), which alone leaves the slab in equilibrium, at
the mean temperature.
"""

from dataclasses import dataclass

import numpy as np

from ferronhall.base import units
from ferronhall.base.errors import TheoryError
from ferronhall.model.domains import holds
from ferronhall.model.slab_operator import mirror_real
from ferronhall.model.wave_vectors import wave_vectors

_TOLERANCE = 1e-12
_MOST_ITERATIONS = 200


@dataclass(frozen=True)
class Reference:
    """A static state, uniform along x and z.

    mean : ndarray, shape (ny,), Å
        ū(y) along x.
    variance : ndarray, shape (ny,), Å²
        ⟨w_x²⟩ that entered the closure; 0 in the relaxed slab.
    stiffness : ndarray, shape (3, ny), eV/Å²
        On-site stiffness of the fluctuations.
    """

    mean: np.ndarray
    variance: np.ndarray
    stiffness: np.ndarray


def gaussian_average(polynomial, mean, variance):
    """⟨p(mean + w)⟩ over normal w of the given variance, exact: Σ_m p⁽²ᵐ⁾(mean) σ²ᵐ/(2ᵐ m!)."""
    total, factor = 0.0, 1.0
    for m in range(polynomial.degree() // 2 + 1):
        derivative = polynomial.deriv(2 * m) if m else polynomial
        factor = factor * variance / (2 * m) if m else 1.0
        total = total + derivative(mean) * factor
    return total


def relaxed_reference(model):
    """The slab at zero temperature: V∥′(ū) + K ū = 0 layer by layer."""
    return balanced_reference(model, np.zeros(model.slab.ny))


def closure_reference(model):
    """The Gaussian closure at the bath's mean temperature, iterated to self-consistency.

    raises : TheoryError when it has no solution: the well gives way to its fluctuations
    """
    temperature = model.temperature.mean()
    reference = relaxed_reference(model)
    for _ in range(_MOST_ITERATIONS):
        variance = thermal_variance(model, reference.stiffness, temperature)
        change = np.abs(variance - reference.variance).max()
        reference = balanced_reference(model, variance)
        if change <= 1e-10 * variance.max():
            return reference
    raise _no_solution(temperature)


def thermal_variance(model, stiffness, temperature):
    """⟨w_x²⟩ = k_B T [H⁻¹]_xx of every layer in equilibrium (Å²), shape (ny,)."""
    slab = model.slab
    total = np.zeros(slab.ny)
    mirrored = model.operator.mirror_symmetric
    for ix, iz, weight in wave_vectors(slab, mirrored):
        hessian = hessian_block(model.operator, stiffness, ix, iz)
        if mirrored:
            hessian = mirror_real(hessian)
        total += weight * np.diag(np.linalg.inv(hessian)).real[: slab.ny]
    return units.BOLTZMANN_EV_PER_K * temperature * total / (slab.nx * slab.nz)


def averaged_stiffness(model):
    """Stiffness along x that fluctuations feel in the closure, mean over the layers (eV/Å²).

    With walls that of every layer, shape (ny,). At rest where the closure has no solution.
    """
    try:
        found = closure_reference(model).stiffness[0]
    except TheoryError:
        return model.rest_stiffness[0] if model.walls else model.material.onsite.stiffness
    return found if model.walls else float(found.mean())


def hessian_block(operator, stiffness, ix, iz):
    """Hessian at FFT indices (ix, iz) (eV/Å²), complex Hermitian, shape (3 ny, 3 ny)."""
    matrix = operator.block(ix, iz)
    matrix[np.diag_indices_from(matrix)] += stiffness.ravel()
    return matrix


def balanced_reference(model, variance):
    """The Reference in which ⟨V∥′(ū + w)⟩ + K ū = 0 at a given ⟨w_x²⟩, by Newton's method.

    variance : ndarray, shape (ny,), Å²
    raises : TheoryError when there is none near the state at rest
    """
    ny, onsite = model.slab.ny, model.material.onsite
    force = onsite.well_force
    coupling = model.operator.block(0, 0)[:ny, :ny].real
    mean = model.rest
    for _ in range(_MOST_ITERATIONS):
        stiffness = gaussian_average(force.deriv(), mean, variance)
        imbalance = gaussian_average(force, mean, variance) + coupling @ mean
        step = np.linalg.solve(np.diag(stiffness) + coupling, imbalance)
        mean = mean - np.clip(step, -onsite.amplitude / 10, onsite.amplitude / 10)
        if np.abs(step).max() < _TOLERANCE * onsite.amplitude:
            break
    else:
        raise _no_solution(model.temperature.mean())
    if not holds(mean, model.walls, onsite.amplitude):
        raise _no_solution(model.temperature.mean())
    across = np.full(ny, onsite.transverse)
    stiffness = gaussian_average(force.deriv(), mean, variance)
    return Reference(mean, variance, np.array([stiffness, across, across]))


def _no_solution(temperature):
    return TheoryError(
        f"the ferroelectric state gives way to its own fluctuations at the bath's mean temperature "
        f"of {temperature:.3g} K: the Gaussian closure has no solution; lower temperature.T_hot_K, "
        "or an electric_field.x_kV_per_cm against the polarization"
    )
