"""The static state the fluctuations are counted from, and the stiffness they feel there.

At zero temperature it is the relaxed slab: the faces pull on the uniform state u0, and walls stand
between its domains (see domains). At finite temperature the Gaussian closure replaces the on-site
force and stiffness by their averages over the fluctuations, ⟨V′(ū + w)⟩ and ⟨V″(ū + w)⟩ with w
drawn from N(0, ⟨w²⟩), and ⟨w²⟩ by that of the stiffness so found. The bath enters through its mean
over x: that is the Fourier component k = 0 of T(x), which alone leaves the slab in equilibrium, at
the mean temperature. There the components of w are independent, as the mirrors of x and z leave
neither ⟨w_x w_y⟩ nor ⟨w_x w_z⟩.
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
    variance : ndarray, shape (3, ny), Å²
        ⟨w_c²⟩ that entered the closure; 0 in the relaxed slab. Of the axial potential only ⟨w_x²⟩
        counts.
    stiffness : ndarray, shape (3, ny), eV/Å²
        On-site stiffness of the fluctuations.
    """

    mean: np.ndarray
    variance: np.ndarray
    stiffness: np.ndarray


def relaxed_reference(model):
    """The slab at zero temperature: V∥′(ū) + K ū = 0 layer by layer."""
    return balanced_reference(model, np.zeros((3, model.slab.ny)))


def closure_reference(model):
    """The Gaussian closure at the bath's mean temperature, iterated to self-consistency.

    raises : TheoryError when it has no solution: the well gives way to its fluctuations
    """
    temperature, felt = model.temperature.mean(), list(model.material.onsite.fluctuating)
    reference, rounds = relaxed_reference(model), Rounds(model.material.onsite)
    for _ in range(_MOST_ITERATIONS):
        variance = thermal_variance(model, reference.stiffness, temperature)
        if variance[felt].min() < 0:
            # a mode grows
            break
        change = np.abs(variance - reference.variance)[felt].max()
        reference = balanced_reference(model, rounds(reference.variance, variance))
        if change <= 1e-10 * variance[felt].max():
            return reference
    raise _no_solution(temperature)


class Rounds:
    """What variance each round of a closure begins with, from those before.

    What the last one found; in a cubic well, which stiffens across x as it fluctuates, whole steps
    would go to and fro, and Anderson's with a memory of one round settle.
    """

    def __init__(self, onsite):
        self.whole, self.last = not onsite.coupled, None

    def __call__(self, before, found):
        """The next variance, from what a round began with and what it found."""
        if self.whole:
            return found
        missed, last = found - before, self.last
        self.last = found, missed
        if last is not None:
            turn = missed - last[1]
            ahead = found - np.sum(missed * turn) / np.sum(turn**2) * (found - last[0])
            # a shear may follow the variances
            if ahead[:3].min() > 0:
                return ahead
        return (before + found) / 2


def thermal_variance(model, stiffness, temperature):
    """⟨w_c²⟩ = k_B T [H⁻¹]_cc of every layer in equilibrium (Å²), shape (3, ny)."""
    slab = model.slab
    total = np.zeros((3, slab.ny))
    mirrored = model.operator.mirror_symmetric
    for ix, iz, weight in wave_vectors(slab, mirrored):
        hessian = hessian_block(model.operator, stiffness, ix, iz)
        if mirrored:
            hessian = mirror_real(hessian)
        total += weight * np.diag(np.linalg.inv(hessian)).real.reshape(total.shape)
    return units.BOLTZMANN_EV_PER_K * temperature * total / (slab.nx * slab.nz)


def averaged_stiffness(model):
    """Stiffness along x that fluctuations feel in the closure, and that across it (eV/Å²).

    Means over the layers; with walls those of every layer, shape (ny,). At rest where the closure
    has no solution.
    """
    onsite = model.material.onsite
    try:
        along, *across = closure_reference(model).stiffness
    except TheoryError:
        along, *across = model.rest_stiffness if model.walls else onsite.hessian
    if not onsite.coupled:
        across = onsite.transverse
    else:
        across = sum(across) / 2
    return (along, across) if model.walls else (float(np.mean(along)), float(np.mean(across)))


def hessian_block(operator, stiffness, ix, iz):
    """Hessian at FFT indices (ix, iz) (eV/Å²), complex Hermitian, shape (3 ny, 3 ny)."""
    return hessian_blocks(operator, stiffness, [ix], iz)[0]


def hessian_blocks(operator, stiffness, columns, iz):
    """Those of several columns, shape (columns, 3 ny, 3 ny)."""
    matrices = operator.blocks(columns, iz)
    diagonal = np.arange(matrices.shape[-1])
    matrices[:, diagonal, diagonal] += stiffness.ravel()
    return matrices


def balanced_reference(model, variance):
    """The Reference in which ⟨V_x(ū + w)⟩ + K ū = 0 at given ⟨w_c²⟩, by Newton's method.

    variance : ndarray, shape (3, ny), Å²
    raises : TheoryError when there is none near the state at rest, or the theory does not know the
        model's domains
    """
    model.require_theory()
    ny, onsite = model.slab.ny, model.material.onsite
    coupling = model.operator.block(0, 0)[:ny, :ny].real
    mean = model.rest
    for _ in range(_MOST_ITERATIONS):
        stiffness = onsite.mean_stiffness(mean, variance)[0]
        imbalance = onsite.mean_force(mean, variance) + coupling @ mean
        step = np.linalg.solve(np.diag(stiffness) + coupling, imbalance)
        mean = mean - np.clip(step, -onsite.amplitude / 10, onsite.amplitude / 10)
        if np.abs(step).max() < _TOLERANCE * onsite.amplitude:
            break
    else:
        raise _no_solution(model.temperature.mean())
    if not holds(mean, model.walls, onsite.amplitude):
        raise _no_solution(model.temperature.mean())
    return Reference(mean, variance, onsite.mean_stiffness(mean, variance))


def _no_solution(temperature):
    return TheoryError(
        f"the ferroelectric state gives way to its own fluctuations at the bath's mean temperature "
        f"of {temperature:.3g} K: the Gaussian closure has no solution; lower temperature.T_hot_K, "
        "or an electric_field.x_kV_per_cm against the polarization"
    )
