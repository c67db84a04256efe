"""Which images of themselves the maps are, against dense Lyapunov solutions for every direction."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
import xarray as xr

from ferronhall.model.field import Field
from ferronhall.model.map_algebra import fold
from ferronhall.model.mirrors import ZERO_FIELD, Mirrors
from ferronhall.model.response_maps import RESPONSE_MAPS
from ferronhall.theory.solver import Solver
from tests.physics import harmonic

SHAPE = (5, 3, 2)
SIGNS = {
    "kinetic_energy": (1, 1),
    "polarization": (1, 1),
    "angular_momentum": (-1, -1),
    "bond_bilinear": (-1, 1),
}
DIRECTIONS = {
    "z": (0, 0, 1),
    "x": (1, 0, 0),
    "y": (0, 1, 0),
    "xz": (1, 0, 1),
    "yz": (0, 1, 1),
    "xy": (1, 1, 0),
    "111": (1, 1, 1),
    "general": (0.3, -0.5, 0.8),
}
HALL = ("z", "xz", "yz")


def silent(_):
    """A log that keeps nothing."""


@pytest.fixture
def dense_maps(make_model):
    """Exact maps of the discretised harmonic slab, hot in the middle: direction → name → maps."""
    place = np.arange(SHAPE[0]) - (SHAPE[0] - 1) / 2
    model = make_model(SHAPE, 1 + 50 * np.exp(-(place**2)))
    mass = model.material.mass[0, 0]
    hessian = harmonic.hessian(model.operator, model.material.onsite.hessian)
    bath = np.broadcast_to(model.temperature[:, None, None], SHAPE).ravel()
    damping = np.broadcast_to(model.damping[None, :, None], SHAPE).ravel()

    def at(omega, direction):
        step = harmonic.substep(hessian, mass, model.h, omega, direction, damping, bath)
        covariance = harmonic.covariance(*step)
        kinetic, rotation = harmonic.maps(covariance, SHAPE, mass)
        # the mean field of the cubic term, up to a constant
        force = np.zeros((3, *SHAPE))
        force[0] = -np.diag(covariance)[: model.slab.sites].reshape(SHAPE)
        mean = np.linalg.solve(hessian, force.ravel()).reshape(3, *SHAPE)[0].mean(axis=-1)
        bilinear = harmonic.bond_bilinear(covariance, SHAPE)
        return dict(zip(SIGNS, (kinetic, mean, rotation, bilinear), strict=True))

    def maps(direction):
        fields = [at(omega, direction) for omega in (-80.0, 0.0, 80.0)]
        return {name: np.array([field[name] for field in fields]) for name in SIGNS}

    return maps


def breaking(values, signs, image):
    """By how much, of the largest value, a map at +Ω_B or without field misses its image."""
    x, y, field = image
    sign = (signs[0] if x < 0 else 1) * (signs[1] if y < 0 else 1)
    missed = values - sign * values[::field, ::x, ::y]
    return np.abs(missed).max(axis=(1, 2)) / np.abs(values).max(axis=(1, 2))


@pytest.mark.parametrize("name", DIRECTIONS)
def test_the_maps_have_the_images_and_no_others(dense_maps, name):
    direction = DIRECTIONS[name]
    found, mirrors = dense_maps(direction), Mirrors.of(direction)
    for image in product((1, -1), repeat=3):
        broken = [breaking(found[n], signs, image) for n, signs in SIGNS.items()]
        if image in mirrors.images:
            assert np.max(broken) < 1e-8
        else:
            assert np.min(broken, axis=0)[2] > 1e-3
        assert np.max(broken, axis=0)[1] < 1e-8 or image[2] < 0
    assert len(mirrors.images) == {"z": 4, "xz": 4, "yz": 4, "xy": 4, "x": 8, "y": 8}.get(name, 2)


@pytest.mark.parametrize("name", DIRECTIONS)
def test_folding_leaves_the_exact_maps_as_they_are(dense_maps, name):
    found, mirrors = dense_maps(DIRECTIONS[name]), Mirrors.of(DIRECTIONS[name])
    for key, signs in SIGNS.items():
        folded = fold(found[key], signs, mirrors)
        scale = np.abs(found[key]).max()
        np.testing.assert_allclose(folded, found[key], rtol=0, atol=1e-8 * scale)
        if mirrors.field_even:
            np.testing.assert_array_equal(folded[0], folded[2])
        np.testing.assert_allclose(
            folded[1], signs[0] * folded[1, ::-1], rtol=0, atol=1e-15 * scale
        )
        np.testing.assert_allclose(
            folded[1], signs[1] * folded[1, :, ::-1], rtol=0, atol=1e-15 * scale
        )


def test_the_fold_of_a_field_along_z_is_wrong_at_111(dense_maps):
    """It takes most of the field-odd polarization away, and the fold of the direction nothing."""
    found = dense_maps((1, 1, 1))["polarization"]
    odd = RESPONSE_MAPS["delta_polarization"].take
    exact = odd(found)
    lost = np.abs(odd(fold(found, 1, Mirrors.of((0, 0, 1)))) - exact).max()
    assert lost > 0.5 * np.abs(exact).max()
    kept = odd(fold(found, 1, Mirrors.of((1, 1, 1))))
    np.testing.assert_allclose(kept, exact, rtol=0, atol=1e-8 * np.abs(exact).max())


@pytest.mark.parametrize("name", DIRECTIONS)
def test_the_sums_said_to_vanish_do_and_no_others(dense_maps, name):
    found, mirrors = dense_maps(DIRECTIONS[name]), Mirrors.of(DIRECTIONS[name])
    x, y = np.sign(np.arange(SHAPE[0]) - 2), np.sign(np.arange(SHAPE[1]) - 1)
    for (key, signs), delta, odd_x, odd_y in product(SIGNS.items(), *[(False, True)] * 3):
        values = (found[key][2] - found[key][0]) / 2 if delta else found[key][1]
        weight = np.outer(x if odd_x else x != 0, y if odd_y else y != 0)
        sum_, scale = np.sum(weight * values), np.sum(np.abs(found[key]))
        parities = tuple(-1 if odd else 1 for odd in (odd_x, odd_y))
        if mirrors.accumulates(signs, delta, parities):
            assert abs(sum_) > 1e-6 * scale, (key, delta, parities)
        else:
            assert abs(sum_) < 1e-9 * scale, (key, delta, parities)


@pytest.mark.parametrize("name", DIRECTIONS)
def test_the_words_of_a_map_are_what_it_is(dense_maps, name):
    found, mirrors = dense_maps(DIRECTIONS[name]), Mirrors.of(DIRECTIONS[name])
    for response in RESPONSE_MAPS.values():
        maps = found[response.observable]
        values, scale = response.take(maps), response.scale * np.abs(maps).max()
        words = response.parity(mirrors)
        for sign, word in ((-1, "odd"), (1, "even")):
            in_x = np.abs(values - sign * values[::-1]).max() < 1e-8 * scale
            in_y = np.abs(values - sign * values[:, ::-1]).max() < 1e-8 * scale
            assert in_x == (words == "zero" or f"{word} in x" in words)
            assert in_y == (words == "zero" or f"{word} in y" in words)
        assert np.abs(values - values[::-1, ::-1]).max() < 1e-8 * scale
        assert response.quartered(mirrors) == ("in x" in words)
        assert (np.abs(values).max() < 1e-8 * scale) == (words == "zero")
        assert not response.delta or (name in HALL) == ("in x" in words)


@pytest.mark.parametrize("name", DIRECTIONS)
@pytest.mark.parametrize("size", [(5, 3), (4, 6), (5, 4)])
def test_independent_cells_are_one_of_each_set(name, size):
    """Against the orbits of the cells, walked one by one."""
    mirrors = Mirrors.of(DIRECTIONS[name])
    x, y = (np.arange(n) - (n - 1) / 2 for n in size)
    for delta in (False, True):
        chosen = mirrors.independent(x, y, delta)
        if delta and mirrors.field_even:
            assert not chosen.any()
            continue
        images = mirrors.images if delta else ZERO_FIELD
        for i, j in np.ndindex(size):
            orbit = {
                (i if a > 0 else size[0] - 1 - i, j if b > 0 else size[1] - 1 - j)
                for a, b, _ in images
            }
            assert sum(chosen[cell] for cell in orbit) == 1


@pytest.mark.parametrize("direction", DIRECTIONS.values())
def test_a_dataset_carries_its_symmetry(direction):
    mirrors = Mirrors.of(direction)
    assert Mirrors.of_dataset(xr.Dataset(attrs=mirrors.attributes)) == mirrors
    assert Mirrors.of(np.multiply(-3.0, direction)) == mirrors


def test_the_rounding_of_a_direction_breaks_no_mirror():
    assert Mirrors.of((np.cos(np.pi / 2), 0, 2.0)) == Mirrors.of((0, 0, 1))
    assert Mirrors.of((1e-6, 1e-6, 1)) == Mirrors.of((1, 1, 1))


@pytest.mark.parametrize("name", DIRECTIONS)
def test_the_theory_at_the_reversed_field_is_solved_or_mirrored_right(make_model, name):
    """Whichever the solver does; T(x) is drawn at random, as no mirror of x enters."""
    profile = np.random.default_rng(5).uniform(0, 50, 5)
    model = replace(make_model((5, 4, 3), profile), field=Field(80.0, DIRECTIONS[name]))
    (minus,) = Solver(model, log=silent).harmonic()
    (plus,) = Solver(replace(model, field=model.field.at(-1)), log=silent).harmonic()
    found, expected = minus.states[0], plus.states[2]
    for key in ("velocity", "displacement", "rotation", "bilinear"):
        value, other = getattr(found, key), getattr(expected, key)
        np.testing.assert_allclose(value, other, rtol=0, atol=1e-9 * np.abs(other).max())
    np.testing.assert_allclose(minus.means[0], plus.means[2], rtol=1e-9)
