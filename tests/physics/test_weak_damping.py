"""Single precision at weak damping: what turn and bath do to ⟨v²⟩, to a small part in a substep.

The bath takes back 2γh of an error of ⟨v²⟩ in a substep, so that one of δ a substep stands as
δ/(2γh). To hold the temperature to 10⁻⁴ at the smallest damping that the schema allows, δ has to be
below 10⁻⁴ · 2γh, far below the rounding of a number.
"""

import numpy as np
import pytest
import yaml

from ferronhall.base import units
from ferronhall.base.schema import SCHEMAS
from ferronhall.engine.constants import coefficients, turn
from ferronhall.engine.kernels import integrator
from ferronhall.engine.propagator import Propagator
from ferronhall.model.field import Field
from ferronhall.model.geometry import Slab
from ferronhall.model.members import Member
from ferronhall.model.model import Model
from tests.physics.harmonic import generator

H, T, PRECISION = 0.0025, 50.0, 1e-4
DIRECTIONS = [(0, 0, 1), (1, -2, 0.5)]


def smallest_damping():
    properties = yaml.safe_load((SCHEMAS / "config.schema.yaml").read_text())["properties"]
    rates = properties["damping"]["properties"]
    least = {rates[key]["minimum"] for key in ("gamma_bulk_per_ps", "gamma_edge_per_ps")}
    assert len(least) == 1
    return least.pop()


@pytest.fixture
def make_model(batio3, make_operator):
    """Builds a model of uniform temperature: damping (1/ps) and the field's direction."""

    def make(damping, direction=(0, 0, 1)):
        slab, operator = Slab.padded(5, 4, 3, 2), make_operator((5, 4, 3))
        bath = np.full(5, T), np.full(4, damping)
        return Model(batio3, slab, operator, *bath, Field(80.0, direction), H, np.zeros(5, bool))

    return make


@pytest.mark.parametrize("damping", [100.0, 2.0, 1e-3, None])
def test_the_bath_imposes_its_temperature(batio3, make_model, damping):
    """v² = (1 − e)² v² + s² with the constants the engine holds."""
    model = make_model(damping or smallest_damping())
    p = Propagator(model, [Member("", 0.0, np.zeros(6))], 1, 0, np.float32)
    e, s = p.loss.astype(float), p.amplitude.astype(float)
    imposed = s**2 / (e * (2 - e)) * batio3.mass[0, 0] / units.BOLTZMANN_EV_PER_K
    np.testing.assert_allclose(imposed, T, rtol=1e-6)


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("angle", [1e-3, 0.025, 0.2, 1.0])
def test_a_turn_in_single_precision_keeps_lengths(direction, angle):
    """The numbers kept for it, taken at their word, are orthonormal where a rounded matrix is not.

    Along B they do nothing at all.
    """
    numbers = [float(n) for n in turn(direction, angle, np.float32)]
    found = np.array([integrator.turn.py_func(numbers, *v) for v in np.eye(3)]).T
    allowed = PRECISION * 2 * smallest_damping() * H
    np.testing.assert_allclose(found.T @ found, np.eye(3), rtol=0, atol=allowed / 10)
    axis = generator(direction)
    exact = np.eye(3) + np.sin(angle) * axis + (1 - np.cos(angle)) * axis @ axis
    np.testing.assert_allclose(found, exact, rtol=0, atol=1e-7 * angle)
    rounded = exact.astype(np.float32).astype(float)
    assert np.abs(rounded.T @ rounded - np.eye(3)).max() > 100 * allowed


def test_rounding_does_not_heat(make_model):
    """Free cells in a field against double precision under one noise.

    Ten times the smallest damping, at which a few seconds see an error of δ.
    """
    sites, substeps, damping = 1 << 14, 4000, 10 * smallest_damping()
    members = [Member("", omega, np.zeros(6)) for omega in (80.0, -400.0)]
    model = make_model(damping, (1, -2, 0.5))
    start = np.random.default_rng(5).normal(size=(3, sites)).astype(np.float32)
    squares = []
    for dtype in (np.float32, np.float64):
        v = np.tile(start, (len(members), 1, 1)).astype(dtype)
        w, force = np.zeros_like(v), np.zeros_like(v)
        constants = coefficients(model, members, dtype)
        loss = np.full(sites, -np.expm1(-damping * H), dtype)
        amplitude = np.sqrt(-np.expm1(-2 * damping * H) * np.ones(sites)).astype(dtype)
        for step in range(substeps):
            integrator.advance(w, v, force, constants, loss, amplitude, 1, 2, 0, step)
        squares.append(np.sum(v.astype(float) ** 2, axis=1))
    single, double = squares
    change = (single - double) / double.mean() / substeps
    heating, error = change.mean(axis=1), change.std(axis=1) / np.sqrt(sites)
    allowed = PRECISION * 2 * damping * H
    assert np.all(error < allowed / 4)
    assert np.all(np.abs(heating) < allowed)
