"""From fluctuations to the mean displacement: the anharmonic force, and what answers it (S45–S55).

Fluctuations of variance σ² in the slanting well pull the mean inwards with a force −(a∥/2)σ². The
on-site potential, the short range and the dipoles of all cells answer it together (S52); the local
formula (S53) lets the on-site stiffness answer alone.
"""

import numpy as np

from ferronhall.base.errors import TheoryError
from ferronhall.model.reference import gaussian_average, hessian_block

_TOLERANCE = 1e-10
_ROUNDING = 1e-14
_MOST_ITERATIONS = 100


class StaticResponse:
    """Displacement along x that a static force along x brings about, uniform along z."""

    def __init__(self, model, stiffness):
        slab = model.slab
        self.nx = slab.nx
        blocks = [
            np.linalg.inv(hessian_block(model.operator, stiffness, ix, 0))[: slab.ny, : slab.ny]
            for ix in range(slab.nx // 2 + 1)
        ]
        self.compliance = np.array(blocks)

    def __call__(self, force):
        """[H⁻¹]_xx force (Å), for a force of shape (..., nx, ny) in eV/Å."""
        waves = np.fft.rfft(force, axis=-2)
        answer = np.einsum("qab,...qb->...qa", self.compliance, waves)
        return np.fft.irfft(answer, n=self.nx, axis=-2)


def harmonic_mean(model, reference, variance):
    """⟨u_x⟩ (Å) to first order in the temperature: the whole linear response to −(V‴/2)⟨w_x²⟩.

    reference : Reference, the relaxed slab
    variance : ndarray, shape (nx, ny), Å²
    """
    slope = model.material.onsite.well_force.deriv(2)(reference.mean)
    response = StaticResponse(model, reference.stiffness)
    return reference.mean + response(-slope / 2 * variance)


def closure_mean(model, reference, variance):
    """⟨u_x⟩ (Å) that balances ⟨V∥′(ū + w)⟩ + K ū = 0 in every column, by iterated response.

    raises : TheoryError when no balance is found
    """
    force = model.material.onsite.well_force
    response = StaticResponse(model, reference.stiffness)
    stiffness = reference.stiffness[0]
    balanced = gaussian_average(force, reference.mean, reference.variance)
    shift = np.zeros_like(variance)
    # under a uniform bath there is nothing to shift but rounding
    rounding = _ROUNDING * model.material.onsite.amplitude
    for _ in range(_MOST_ITERATIONS):
        local = gaussian_average(force, reference.mean + shift, variance) - balanced
        change = response(stiffness * shift - local) - shift
        shift = shift + change
        if np.abs(change).max() < max(_TOLERANCE * np.abs(shift).max(), rounding):
            return reference.mean + shift
        if not np.abs(shift).max() < model.material.onsite.amplitude:
            break
    raise TheoryError(
        "the mean field of the hot band does not settle: the well gives way to its fluctuations; "
        "lower temperature.T_hot_K"
    )


def local_mean(model, variance):
    """⟨u_x⟩ (Å) of the local formula u0 − (a∥/2k∥)⟨w_x²⟩ (S53), about the state at rest."""
    slope = model.material.onsite.well_force.deriv(2)(model.rest)
    return model.rest - slope / (2 * model.rest_stiffness[0]) * variance
