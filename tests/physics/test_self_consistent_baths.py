"""Baths without a net power between two contacts: heat kernel, conduction and the Hall angle."""

import numpy as np
import pytest

from ferronhall.base import units
from ferronhall.model.field import Field
from ferronhall.model.reference import relaxed_reference
from ferronhall.theory.block_dynamics import EquationOfMotion
from ferronhall.theory.heat_kernel import heat_kernel, in_space
from ferronhall.theory.modes import Spectrum
from tests.physics.test_steady_state import ALONG_Z, OMEGA, TILTED, solve, stiffness_at_u0


def spectrum_at_u0(model, omega, direction=ALONG_Z):
    """Modes about the uniform state u0, as solve has them."""
    field = Field(omega, direction)
    dynamics = EquationOfMotion.of(model, field)
    return Spectrum(model.operator, stiffness_at_u0(model), dynamics, field)


def applied(kernel, temperature):
    """⟨v²⟩ of every cell (Å²/ps²) in a bath of T(x, y)."""
    waves = np.fft.rfft(temperature, axis=0)
    return np.fft.irfft(np.einsum("kab,kb->ka", kernel, waves), n=len(temperature), axis=0)


@pytest.mark.parametrize("shape", [(3, 2, 1), (4, 3, 2), (5, 4, 3)])
@pytest.mark.parametrize(
    ("omega", "direction"), [(0.0, ALONG_Z), (OMEGA, ALONG_Z), (OMEGA, TILTED)]
)
def test_the_kernel_is_linear_response(make_model, rng, shape, omega, direction):
    """It gives what the solution with that map gives, and 3k_B/M at a uniform temperature."""
    model = make_model(shape, rng.uniform(0, 50, shape[:2]))
    kernel = heat_kernel(spectrum_at_u0(model, omega, direction))
    found = solve(model, omega, direction).velocity.sum(axis=0)
    np.testing.assert_allclose(applied(kernel, model.temperature), found, rtol=1e-7)
    equipartition = 3 * units.BOLTZMANN_EV_PER_K / model.material.mass[0, 0]
    np.testing.assert_allclose(kernel[0].sum(axis=1).real, equipartition, rtol=1e-8)
    space = in_space(kernel, shape[0])
    assert space.min() > 0


def test_the_kernel_obeys_onsager(make_model, rng):
    """γ G γ′ from one cell to another is that of the way back in the reversed field."""
    model = make_model((5, 4, 2), np.ones(5))
    there, back = (in_space(heat_kernel(spectrum_at_u0(model, s * OMEGA)), 5) for s in (1, -1))
    power = model.damping[:, None] * there * 1.0
    reversed_power = model.damping[:, None] * back
    turned = reversed_power[-np.arange(5)].transpose(0, 2, 1)
    # the source enters with its own γ already
    np.testing.assert_allclose(power, turned, rtol=1e-7)
    assert np.abs(there - there[-np.arange(5)].transpose(0, 2, 1)).max() > 0
