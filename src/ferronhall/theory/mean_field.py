"""From fluctuations to the mean displacement: the anharmonic force, and what answers it (S45–S55).

Fluctuations of variance σ² in the slanting well pull the mean inwards with a force −(a∥/2)σ². The
on-site potential, the short range and the dipoles of all cells answer it together (S52); the local
formula (S53) lets the on-site stiffness answer alone.

In a cubic well the fluctuations across the axis pull as well, with −½ V_xyy(⟨w_y²⟩ + ⟨w_z²⟩), and
where w_x and w_y go together a force −V_xyy⟨w_x w_y⟩ along y reaches u_x through the couplings. The
means are the same in all cells along z, where the mirror of z keeps u_z apart from both.
"""

from dataclasses import dataclass

import numpy as np

from ferronhall.base.errors import TheoryError
from ferronhall.model.reference import hessian_block

_TOLERANCE = 1e-10
_ROUNDING = 1e-14
_MOST_ITERATIONS = 100


@dataclass(frozen=True)
class Spread:
    """What of a state of covariance.Fluctuations the mean field feels.

    displacement, shear : ndarray, shapes (3, nx, ny) and (nx, ny), Å²
        ⟨w_c²⟩ and ⟨w_x w_y⟩.
    """

    displacement: np.ndarray
    shear: np.ndarray


class StaticResponse:
    """Displacement that a static force brings about, both uniform along z.

    components : int
        1 for forces and displacements along x, 2 for those along x and y.
    """

    def __init__(self, model, stiffness, components=1):
        slab = model.slab
        self.nx, size = slab.nx, components * slab.ny
        self.components = components
        blocks = [
            np.linalg.inv(hessian_block(model.operator, stiffness, ix, 0))[:size, :size]
            for ix in range(slab.nx // 2 + 1)
        ]
        self.compliance = np.array(blocks)

    def __call__(self, force):
        """[H⁻¹]_xx force (Å), for a force of shape (..., nx, ny) in eV/Å.

        With two components their forces and displacements come first, shape (2, nx, ny).
        """
        waves = np.fft.rfft(force, axis=-2)
        if self.components > 1:
            waves = np.concatenate(list(waves), axis=-1)
        answer = np.einsum("qab,...qb->...qa", self.compliance, waves)
        if self.components > 1:
            answer = np.stack(np.split(answer, self.components, axis=-1))
        return np.fft.irfft(answer, n=self.nx, axis=-2)


def anharmonic_force(third, displacement, shear):
    """Force on the mean to first order in the fluctuations, along x and along y (eV/Å).

    third : ndarray, shape (3, ny), eV/Å³
        V_xxx, V_xyy and V_xzz.
    displacement, shear : ndarray, shapes (3, ..., nx, ny) and (..., nx, ny), Å²
        ⟨w_c²⟩ and ⟨w_x w_y⟩.
    """
    along = -third[0] / 2 * displacement[0]
    if not third[1:].any():
        return along, np.zeros_like(along)
    along = along - third[1] / 2 * displacement[1] - third[2] / 2 * displacement[2]
    return along, -third[1] * shear


def harmonic_mean(model, reference, state):
    """⟨u_x⟩ (Å) to first order in the temperature: the whole linear response to −(V‴/2)⟨w²⟩.

    reference : Reference, the relaxed slab
    state : covariance.Fluctuations, or Spread
    """
    onsite = model.material.onsite
    third = onsite.mean_third(reference.mean)
    along, across = anharmonic_force(third, state.displacement, state.shear)
    if not onsite.coupled:
        return reference.mean + StaticResponse(model, reference.stiffness)(along)
    response = StaticResponse(model, reference.stiffness, 2)
    return reference.mean + response(np.stack([along, across]))[0]


def closure_mean(model, reference, state):
    """⟨u_x⟩ (Å) of closure_shift, shape (nx, ny)."""
    return reference.mean + closure_shift(model, reference, state)[0]


def closure_shift(model, reference, state):
    """⟨u⟩ − ū (Å) along x and y that balances ⟨V_x(⟨u⟩ + w)⟩ + K ⟨u⟩ = 0 in every column.

    By iterated response; in a cubic well the balance along y is kept with it.

    returns : ndarray, shape (2, nx, ny), in a cubic well; elsewhere (1, nx, ny)
    raises : TheoryError when no balance is found
    """
    onsite = model.material.onsite
    coupled = onsite.coupled
    response = StaticResponse(model, reference.stiffness, 2 if coupled else 1)
    stiffness = reference.stiffness[0]
    balanced = onsite.mean_force(reference.mean, reference.variance)
    if coupled:
        stiffness, balanced = reference.stiffness[:2, None], np.stack([balanced, 0 * balanced])
        balanced = balanced[:, None]
    shift = np.zeros_like(state.displacement[:2] if coupled else state.displacement[0])
    # under a uniform bath there is nothing to shift but rounding
    rounding = _ROUNDING * onsite.amplitude
    for _ in range(_MOST_ITERATIONS):
        local = _mean_gradient(onsite, reference.mean, shift, state) - balanced
        change = response(stiffness * shift - local) - shift
        shift = shift + change
        if np.abs(change).max() < max(_TOLERANCE * np.abs(shift).max(), rounding):
            return shift if coupled else shift[None]
        if not np.abs(shift).max() < onsite.amplitude:
            break
    raise TheoryError(
        "the mean field of the hot band does not settle: the well gives way to its fluctuations; "
        "lower temperature.T_hot_K"
    )


def _mean_gradient(onsite, mean, shift, state):
    """⟨V_x⟩, in a cubic well with ⟨V_y⟩ (2, nx, ny), about ū + shift (eV/Å)."""
    if not onsite.coupled:
        return onsite.mean_force(mean + shift, state.displacement)
    place = mean + shift[0], state.displacement, state.shear, shift[1]
    return np.stack([onsite.average(orders, *place) for orders in ((1, 0, 0), (0, 1, 0))])


def local_mean(model, state):
    """⟨u_x⟩ (Å) of the local formula u0 − (a∥/2k∥)⟨w_x²⟩ (S53), about the state at rest.

    In a cubic well with its fluctuations across the axis.
    """
    slope = model.material.onsite.mean_third(model.rest) / (2 * model.rest_stiffness[0])
    mean = model.rest
    for component in range(3):
        mean = mean - slope[component] * state.displacement[component]
    return mean
