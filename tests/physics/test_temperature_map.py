"""A bath of T(x, y): theory against dense algebra, and trajectories against the theory."""

import numpy as np
import pytest

from ferronhall.theory.baths import ClassicalBath, QuantumBath, interpolated, thermal_energy
from tests.physics import harmonic
from tests.physics.test_quantum_statistics import quadrature_covariance
from tests.physics.test_quantum_statistics import solve as solve_quantum
from tests.physics.test_steady_state import ALONG_Z, OMEGA, TILTED, H, dense_covariance, solve

SHAPES = [(1, 2, 1), (3, 2, 1), (4, 3, 2), (5, 4, 3)]


def check(found, c, shape, rtol):
    """Every moment of a state against the covariance of the whole slab."""
    n = len(c) // 2
    squares = np.diag(c).reshape(2, 3, *shape).mean(axis=-1)
    np.testing.assert_allclose(found.displacement, squares[0], rtol=rtol)
    np.testing.assert_allclose(found.velocity, squares[1], rtol=rtol)
    _, rotation = harmonic.maps(c, shape, 1.0)
    scale = np.sqrt(np.diag(c)[:n].max() * np.diag(c)[n:].max())
    np.testing.assert_allclose(found.rotation, rotation, atol=rtol * scale)
    shear = harmonic.shear(c, shape)
    np.testing.assert_allclose(found.shear, shear, rtol=0, atol=rtol * squares[0].max())
    bilinear = harmonic.bond_bilinear(c, shape)
    tolerance = max(10 * rtol * np.abs(bilinear).max(), 1e-14 * squares[0].max())
    np.testing.assert_allclose(found.bilinear, bilinear, rtol=0, atol=tolerance)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("omega", "direction"), [(0.0, ALONG_Z), (OMEGA, ALONG_Z), (OMEGA, TILTED)]
)
@pytest.mark.parametrize("h", [None, H])
def test_moments_equal_a_dense_lyapunov_solution(make_model, rng, shape, omega, direction, h):
    """The map is drawn at random, so none of its images is the map itself."""
    model = make_model(shape, rng.uniform(0, 50, shape[:2]))
    found = solve(model, omega, direction, h)
    check(found, dense_covariance(model, omega, direction, h), shape, 1e-7)


@pytest.mark.parametrize(
    ("omega", "direction"), [(0.0, ALONG_Z), (OMEGA, ALONG_Z), (OMEGA, TILTED)]
)
def test_quantum_moments_equal_a_quadrature_over_frequency(make_model, rng, omega, direction):
    """As the classical ones, with θ(ω, T) of every cell."""
    shape = (3, 2, 1)
    model = make_model(shape, rng.uniform(100, 900, shape[:2]))
    found = solve_quantum(model, omega, direction)
    check(found, quadrature_covariance(model, omega, direction), shape, 1e-6)


def test_a_few_temperatures_stand_for_all(rng):
    """θ of every cell, at frequencies between those it was fitted at, down to T = 0."""
    temperature = np.append(rng.uniform(0, 50, 40), [0.0, 50.0]).reshape(6, 7)
    nodes, coefficients = interpolated(temperature)
    assert len(nodes) < 40
    omega = np.geomspace(0.07, 700, 41)[:, None, None]
    found = np.tensordot(thermal_energy(omega[..., 0], nodes), coefficients, 1)
    np.testing.assert_allclose(found, thermal_energy(omega, temperature), rtol=0, atol=1e-6)


@pytest.mark.parametrize("bath", [ClassicalBath, QuantumBath])
def test_a_map_alike_in_all_layers_is_the_profile(make_model, bath):
    """Both ways to give T(x) are one bath."""
    profile = np.array([50.0, 20.0, 1.0, 20.0])
    model = make_model((4, 3, 2), profile)
    layers = np.tile(profile[:, None], (1, 3))
    assert all(wave.profile is None for wave in bath(layers).waves)
    one = solve_quantum(model, OMEGA, ALONG_Z, bath)
    # a profile that differs by next to nothing goes the other way
    layers[:, 0] *= 1 + 1e-12
    two = solve_quantum(model, OMEGA, ALONG_Z, bath, layers)
    np.testing.assert_allclose(two.velocity, one.velocity, rtol=1e-8)
    np.testing.assert_allclose(two.rotation, one.rotation, atol=1e-8 * np.abs(one.rotation).max())
