"""Errors of samples that remember one another, against series whose errors are known."""

import numpy as np
import pytest

from ferronhall.analysis.estimates import RunningEstimate, estimate
from ferronhall.analysis.regression import FEWEST_SAMPLES, controlled


def remembering(rng, correlation, replicas, blocks, cells=()):
    """First-order Markov chains of unit innovations, shape (replica, block, *cells)."""
    value = rng.normal(size=(replicas, *cells)) / np.sqrt(1 - correlation**2)
    series = []
    for _ in range(blocks):
        series.append(value)
        value = correlation * value + rng.normal(size=value.shape)
    return np.stack(series, axis=1)


def exact_error(correlation, replicas, blocks):
    """Standard error of the mean of such chains, from the sum over all pairs of blocks."""
    lags = np.abs(np.subtract.outer(np.arange(blocks), np.arange(blocks)))
    return np.sqrt(np.mean(correlation**lags) / (1 - correlation**2) / replicas)


@pytest.mark.parametrize(
    ("correlation", "replicas", "blocks", "scatter"),
    [(0.0, 6, 20, 0.1), (0.5, 6, 20, 0.3), (0.9, 1, 1000, 0.35), (-0.5, 2, 200, 0.2)],
)
def test_errors_are_those_of_the_chain(rng, correlation, replicas, blocks, scatter):
    """The mean square of 400 quoted errors is right to 12 %, and a single one scatters so much."""
    found = np.array(
        [
            estimate(remembering(rng, correlation, replicas, blocks).ravel(), blocks).error
            for _ in range(400)
        ]
    )
    ratio = found / exact_error(correlation, replicas, blocks)
    assert np.sqrt(np.mean(ratio**2)) == pytest.approx(1, abs=0.12)
    assert ratio.std() < scatter


def test_blocks_say_more_than_replicas(rng):
    """Six replicas of 20 blocks: the error scatters by 33 % over replicas, by 6.5 % over blocks."""
    found, coarse = [], []
    for _ in range(400):
        series = rng.normal(size=(6, 20))
        found.append(estimate(series.ravel(), 20))
        coarse.append(series.mean(axis=1).std(ddof=1) / np.sqrt(6))
    errors = np.array([one.error for one in found])
    assert errors.std() / errors.mean() < 0.1 < np.std(coarse) / np.mean(coarse)
    assert np.median([one.freedom for one in found]) == 119


def test_cells_share_a_correlation_that_none_of_them_shows_alone(rng):
    """Correlation 0.15 in 60 blocks is lost in one cell's noise, and plain in the mean of 400."""
    series = remembering(rng, 0.15, 3, 20, (400,))
    found = estimate(series.reshape(60, 400), 20).error
    expected = exact_error(0.15, 3, 20)
    assert np.sqrt(np.mean(found**2)) == pytest.approx(expected, rel=0.05)


def test_one_sample_has_no_error_and_equal_samples_none_to_speak_of():
    single = estimate(np.ones((1, 4)), 1)
    assert np.isnan(single.error).all() and single.freedom == 0
    assert np.array_equal(estimate(np.ones((8, 4)), 4).error, np.zeros(4))


@pytest.mark.parametrize("correlation", [0.0, 0.4, -0.3])
def test_seen_one_at_a_time_they_give_the_same(rng, correlation):
    """Mean to rounding; error as that of all together where these are not joined first."""
    series = remembering(rng, correlation, 4, 3, (300,)) + 5
    running = RunningEstimate()
    for replica in series:
        for number, sample in enumerate(replica):
            running.add(sample, follows=number > 0)
    together = estimate(series.reshape(12, 300), 3)
    np.testing.assert_allclose(running.mean, together.mean)
    np.testing.assert_allclose(running.stderr, together.error, rtol=1e-9)
    single = RunningEstimate()
    single.add(series[0, 0])
    assert np.all(np.isnan(single.stderr))


def test_a_regressed_control_is_unbiased_and_never_much_worse(rng):
    """Of 2,000 experiments with eight samples each: mean within 4 errors, variance of useless
    controls raised by no more than a coefficient's own error, that of good ones lowered."""
    for share, most in ((0.0, 1.35), (0.9, 0.35)):
        plain, found = [], []
        for _ in range(2000):
            chance = rng.normal(size=16)
            values = 3 + np.sqrt(share) * 2 * chance + np.sqrt(1 - share) * rng.normal(size=16)
            plain.append(values.mean())
            found.append(controlled(values, chance, 4).mean())
        assert abs(np.mean(found) - 3) < 4 * np.std(found) / np.sqrt(len(found))
        assert np.var(found) < most * np.var(plain)


def test_a_coefficient_does_not_see_the_sample_it_serves(rng):
    """A changed sample takes the coefficient it had; few samples have none."""
    values, chance = rng.normal(size=(2, 12))
    before = controlled(values, chance, 3)
    values[0] += 100
    after = controlled(values, chance, 3)
    assert after[0] - before[0] == pytest.approx(100)
    few = FEWEST_SAMPLES - 1
    assert np.array_equal(controlled(values[:few], chance[:few], 1), (values - chance)[:few])
