"""The counter-based normals: generator, transform, distribution and independence."""

import itertools

import numpy as np
import pytest
from numba import njit, uint32
from scipy import stats

from ferronhall.engine.kernels.noise import BLOCK, LANES, START, fill_normals, philox
from ferronhall.engine.propagator import Propagator
from ferronhall.model.field import Field
from ferronhall.model.geometry import Slab
from ferronhall.model.members import Member
from ferronhall.model.model import Model


@njit
def _words(c0, c1, c2, c3, k0, k1):
    counter = (uint32(c0), uint32(c1), uint32(c2), uint32(c3))
    return philox(counter[0], counter[1], counter[2], counter[3], uint32(k0), uint32(k1))


def _block(seed=(1, 2), replica=0, step=0, component=0, block=0):
    out = np.empty(BLOCK, np.float32)
    fill_normals(*seed, replica, step, component, block, out)
    return out


@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((2**32 - 1,) * 4, (2**32 - 1,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_philox_known_answers(counter, key, expected):
    """The known-answer vectors published with Random123."""
    assert _words(*counter, *key) == expected


@pytest.mark.parametrize("above", [0, 1, 2**30 - 1])
def test_box_muller_against_library_functions(above):
    """The polynomials give what logarithm, sine and cosine give, to single precision.

    The upper half of the substep number shares a word of the counter with the component.
    """
    counters = [(3 * LANES + i, 4 * above + 2, 11, 5) for i in range(LANES)]
    words = np.array([_words(*counter, 1, 2) for counter in counters], np.uint64)
    step = above * 2**32 + 11
    found = _block((1, 2), replica=5, step=step, component=2, block=3).astype(float)
    for pair in range(2):
        a, b = words[:, 2 * pair], words[:, 2 * pair + 1]
        radius = np.sqrt(-2 * np.log(((a >> 9) + 0.5) / 2**23))
        angle = np.pi / 2 * ((b >> 9) + 0.5) / 2**23
        cosine = np.cos(angle) * np.where(b & 1, -1, 1)
        sine = np.sin(angle) * np.where(b & 2, -1, 1)
        start = 2 * pair * LANES
        np.testing.assert_allclose(found[start : start + LANES], radius * cosine, atol=4e-6)
        np.testing.assert_allclose(
            found[start + LANES : start + 2 * LANES], radius * sine, atol=4e-6
        )


@pytest.fixture(scope="module")
def many():
    """10⁶ normals as (step, component, site)."""
    steps, blocks = 163, 8
    out = np.empty((steps, 3, blocks * BLOCK), np.float32)
    for step in range(steps):
        for component in range(3):
            for block in range(blocks):
                part = out[step, component, block * BLOCK : (block + 1) * BLOCK]
                fill_normals(1, 2, 0, step, component, block, part)
    return out.astype(float)


def test_distribution(many):
    """Moments within 4 standard errors, and a Kolmogorov-Smirnov test."""
    x = many.ravel()
    n = x.size
    for power, moment, variance in ((1, 0, 1), (2, 1, 2), (3, 0, 15), (4, 3, 96)):
        assert abs(np.mean(x**power) - moment) < 4 * np.sqrt(variance / n)
    assert stats.kstest(x, "norm").pvalue > 1e-3
    beyond = np.mean(np.abs(x) > 4)
    expected = 2 * stats.norm.sf(4)
    assert abs(beyond - expected) < 4 * np.sqrt(expected / n)


def test_independence_of_steps_components_and_sites(many):
    """Correlations between neighbours in each index vanish within 4 standard errors."""
    for axis in range(3):
        a = np.moveaxis(many, axis, 0)
        product = a[1:] * a[:-1]
        assert abs(product.mean()) < 4 / np.sqrt(product.size)
    squares = (many[1:] ** 2 - 1) * (many[:-1] ** 2 - 1)
    assert abs(squares.mean()) < 4 * 2 / np.sqrt(squares.size)


def test_each_part_of_the_counter_matters():
    reference = _block()
    for change in (
        {"seed": (2, 2)},
        {"seed": (1, 3)},
        {"replica": 1},
        {"step": 1},
        {"step": 2**32},
        {"step": 2**61},
        {"component": 1},
        {"block": 1},
    ):
        other = _block(**change)
        assert abs(np.corrcoef(reference, other)[0, 1]) < 5 / np.sqrt(BLOCK)


def test_no_substep_draws_the_normals_of_another(batio3, make_operator):
    """Nor those of the initial velocities, on either side of 2³² substeps."""
    slab = Slab.padded(5, 4, 3, 2)
    bath = np.full(5, 30.0), np.full(4, 2.0)
    field, flank = Field(80.0, (0, 0, 1)), np.zeros(5, bool)
    model = Model(batio3, slab, make_operator((5, 4, 3)), *bath, field, 0.0025, flank)
    member = Member("", 0.0, np.zeros(6))
    noisy, quiet = (Propagator(model, [member], 1, 0, float) for _ in range(2))
    quiet.amplitude[:] = 0

    def drawn(step):
        for p in (noisy, quiet):
            p.w[:], p.v[:], p.step = 0, 0, step
            p.run(1, 0, p.new_sums())
        return ((noisy.v - quiet.v) / noisy.amplitude)[0]

    def block(step):
        return np.array([_block((1, 0), step=step, component=c)[: slab.sites] for c in range(3)])

    steps = [0, 2**32 - 3, 2**32 - 2, 2**32 - 1, 2**32, 2**32 + 1]
    found = [block(START), *(drawn(step) for step in steps)]
    for i, j in itertools.combinations(range(len(found)), 2):
        assert np.abs(found[i] - found[j]).max() > 1
    # the first 2³² − 1 substeps count as they are
    for step in steps[:3]:
        np.testing.assert_allclose(drawn(step), block(step), atol=1e-9)


def test_values_do_not_depend_on_the_order_of_calls():
    forwards = [_block(block=b) for b in range(4)]
    backwards = [_block(block=b) for b in reversed(range(4))][::-1]
    assert np.array_equal(forwards, backwards)
