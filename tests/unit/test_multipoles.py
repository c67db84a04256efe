"""Tesseral harmonics and multipole moments against quadrature, analytic integrals and symmetry."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.spatial.transform import Rotation

from ferronhall.crystals.second_order.density import Density, from_grid
from ferronhall.crystals.second_order.harmonics import rotation_matrix, tesseral
from ferronhall.crystals.second_order.multipoles import (
    allowed_orders,
    multipole_moments,
    partial_density,
)
from ferronhall.crystals.second_order.space_group import space_group

from .test_irreps import FLUORITE, PEROVSKITE

RNG = np.random.default_rng(11)


def sphere_quadrature(nodes=16):
    """Points and weights of a Gauss product rule, exact to degree 2 nodes − 1."""
    heights, weights = np.polynomial.legendre.leggauss(nodes)
    angles = np.pi * np.arange(2 * nodes) / nodes
    radius = np.sqrt(1 - heights**2)
    points = np.stack(
        [
            np.outer(radius, np.cos(angles)).ravel(),
            np.outer(radius, np.sin(angles)).ravel(),
            np.repeat(heights, 2 * nodes),
        ],
        axis=1,
    )
    return points, np.repeat(weights * np.pi / nodes, 2 * nodes)


def test_harmonics_are_orthonormal():
    points, weights = sphere_quadrature()
    table = np.concatenate([tesseral(degree, points) for degree in range(6)])
    assert np.abs((table * weights) @ table.T - np.eye(36)).max() < 1e-13


def test_the_addition_theorem_holds():
    a, b = RNG.normal(size=(2, 20, 3))
    cosine = np.sum(a * b, axis=1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    for degree in range(6):
        legendre = np.polynomial.legendre.Legendre.basis(degree)(cosine)
        total = np.sum(tesseral(degree, a) * tesseral(degree, b), axis=0)
        assert np.allclose(total, (2 * degree + 1) / (4 * np.pi) * legendre, atol=1e-13)


POLYNOMIALS = {
    (1, 0): lambda x, y, z: np.sqrt(3 / (4 * np.pi)) * z,
    (1, 1): lambda x, y, z: np.sqrt(3 / (4 * np.pi)) * x,
    (1, -1): lambda x, y, z: np.sqrt(3 / (4 * np.pi)) * y,
    (2, -2): lambda x, y, z: np.sqrt(15 / (4 * np.pi)) * x * y,
    (3, 0): lambda x, y, z: np.sqrt(7 / (16 * np.pi)) * z * (5 * z**2 - 3),
    (4, -2): lambda x, y, z: np.sqrt(45 / (16 * np.pi)) * x * y * (7 * z**2 - 1),
    (4, 1): lambda x, y, z: np.sqrt(45 / (32 * np.pi)) * x * z * (7 * z**2 - 3),
    (4, -1): lambda x, y, z: np.sqrt(45 / (32 * np.pi)) * y * z * (7 * z**2 - 3),
    (5, 0): lambda x, y, z: np.sqrt(11 / (256 * np.pi)) * z * (63 * z**4 - 70 * z**2 + 15),
    (5, 4): lambda x, y, z: np.sqrt(3465 / (256 * np.pi)) * z * (x**4 - 6 * x**2 * y**2 + y**4),
    (5, -4): lambda x, y, z: np.sqrt(3465 / (16 * np.pi)) * x * y * z * (x**2 - y**2),
}
"""(l, m) -> the normalised polynomial on the unit sphere, with its sign."""


@pytest.mark.parametrize(("degree", "order"), POLYNOMIALS)
def test_harmonics_are_the_textbook_polynomials(degree, order):
    points, _ = sphere_quadrature(4)
    expected = POLYNOMIALS[degree, order](*points.T)
    assert np.allclose(tesseral(degree, points)[degree + order], expected, atol=1e-13)


@pytest.mark.parametrize("improper", [1, -1])
def test_rotations_mix_a_degree_within_itself(improper):
    rotation = improper * Rotation.random(rng=np.random.default_rng(2)).as_matrix()
    directions = RNG.normal(size=(30, 3))
    for degree in range(6):
        matrix = rotation_matrix(degree, rotation)
        assert np.allclose(matrix @ matrix.T, np.eye(2 * degree + 1), atol=1e-12)
        turned = tesseral(degree, directions @ rotation)
        assert np.allclose(turned, matrix.T @ tesseral(degree, directions), atol=1e-12)


SITE = np.array([1.1, 2.3, 0.7])
RADIUS, WIDTH = 1.2, 0.35


def gaussian_times_harmonic(degree, order, edge=8.0):
    """n = r^l exp(-r²/2s²) T_lm about SITE in a large cell, by its analytic Fourier transform."""
    reach = int(edge * 8 / WIDTH / 2 / np.pi)
    span = np.arange(-reach, reach + 1)
    miller = np.stack(np.meshgrid(span, span, span, indexing="ij"), -1).reshape(-1, 3)
    g = 2 * np.pi * miller / edge
    length = np.linalg.norm(g, axis=1)
    transform = (2 * np.pi) ** 1.5 * WIDTH ** (2 * degree + 3) * (-1j * length) ** degree
    transform = (
        transform * np.exp(-((WIDTH * length) ** 2) / 2) * tesseral(degree, g)[degree + order]
    )
    coefficients = transform * np.exp(-1j * g @ SITE) / edge**3
    return Density(edge * np.eye(3), miller, coefficients)


@pytest.mark.parametrize(("degree", "order"), [(0, 0), (1, 0), (2, -2), (3, 0), (4, 1), (5, 4)])
def test_moments_of_a_gaussian_times_a_harmonic(degree, order):
    moments = multipole_moments(gaussian_times_harmonic(degree, order), SITE, RADIUS)
    radial = quad(lambda r: r ** (2 * degree + 2) * np.exp(-((r / WIDTH) ** 2) / 2), 0, RADIUS)[0]
    expected = -np.sqrt(4 * np.pi / (2 * degree + 1)) * radial
    for (found_degree, found_order), moment in moments.items():
        same = (found_degree, found_order) == (degree, order)
        assert moment == pytest.approx(expected if same else 0, abs=1e-10 * abs(expected) + 1e-12)


def random_density(edge=4.0):
    """A density without symmetry in a cubic cell."""
    return from_grid(edge * np.eye(3), RNG.normal(size=(9, 9, 9)))


def test_moments_agree_with_quadrature_in_the_sphere():
    density = random_density()
    directions, weights = sphere_quadrature(16)
    nodes, radial_weights = np.polynomial.legendre.leggauss(16)
    radii = RADIUS / 2 * (nodes + 1)
    samples = np.array([density.at(SITE + r * directions) for r in radii])
    moments = multipole_moments(density, SITE, RADIUS)
    for degree in range(6):
        angular = samples @ (weights * tesseral(degree, directions)).T
        radial = RADIUS / 2 * radial_weights * radii ** (degree + 2)
        expected = -np.sqrt(4 * np.pi / (2 * degree + 1)) * (radial @ angular)
        for order in range(-degree, degree + 1):
            assert moments[degree, order] == pytest.approx(expected[degree + order], abs=1e-9)


def test_moments_turn_with_the_density():
    # a fourfold rotation about x, through the site, of the cubic cell
    rotation = np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]])
    density = random_density()
    turned = Density(density.cell, density.miller @ rotation.T, density.coefficients)
    before = multipole_moments(density, SITE)
    after = multipole_moments(turned, rotation @ SITE)
    for degree in range(6):
        orders = range(-degree, degree + 1)
        vector = [before[degree, m] for m in orders]
        expected = rotation_matrix(degree, rotation) @ vector
        assert np.allclose([after[degree, m] for m in orders], expected, atol=1e-12)


def test_odd_degrees_add_up_to_the_odd_part():
    edge = 6.0
    span = np.arange(-1, 2)
    miller = np.stack(np.meshgrid(span, span, span, indexing="ij"), -1).reshape(-1, 3)
    phase = RNG.random(len(miller))
    half = np.exp(2j * np.pi * phase)
    density = Density(edge * np.eye(3), miller, half + half[::-1].conj())
    offsets = RNG.uniform(-0.6, 0.6, (20, 3))
    exact = (density.at(SITE + offsets) - density.at(SITE - offsets)) / 2
    found = partial_density(density, SITE, offsets, range(1, 12, 2))
    assert np.allclose(found, exact, atol=1e-6)
    assert np.isnan(partial_density(density, SITE, np.array([[0, 0, 1.3]]), [1])).all()


def test_the_oxygen_of_fluorite_holds_what_the_irrep_t2_of_its_site_does():
    group = space_group(*FLUORITE)
    allowed = {n: allowed_orders(group, [0.25] * 3, 2, n) for n in range(6)}
    # T2 of -43m, partner z: z; xy; z³; xy(7z² − 1); z⁵ and z(x⁴ − 6x²y² + y⁴)
    assert allowed == {0: [], 1: [0], 2: [-2], 3: [0], 4: [-2], 5: [0, 4]}


def test_an_inversion_centre_holds_odd_degrees_alone():
    group = space_group(*PEROVSKITE)
    for site in ([0.0] * 3, [0.5] * 3, [0.5, 0.5, 0]):
        assert all(allowed_orders(group, site, 2, degree) == [] for degree in (0, 2, 4))
        assert allowed_orders(group, site, 2, 1) == [0]
