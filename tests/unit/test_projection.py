"""Amplitudes and the chi-squared of a predicted map, on data with known answers."""

import numpy as np
import pytest

from ferronhall.analysis.projection import amplitude, excess, flip_probability

CELLS = 60


@pytest.fixture
def prediction(rng):
    return rng.normal(size=CELLS)


def draw(rng, mean, count, scatter):
    """Samples whose cells are correlated in pairs."""
    noise = np.repeat(rng.normal(size=(count, CELLS // 2)), 2, axis=1)
    return mean + scatter * noise


def test_amplitude_of_an_exact_multiple(prediction, rng):
    weights = rng.uniform(0.5, 2, CELLS)
    samples = np.outer([0.5, 1.0, -2.0], prediction)
    np.testing.assert_allclose(amplitude(samples, prediction, weights), [0.5, 1.0, -2.0])


def test_inverse_variance_weights_give_the_smallest_error(prediction, rng):
    scatter = np.repeat([0.1, 3.0], CELLS // 2)
    samples = prediction + scatter * rng.normal(size=(400, CELLS))
    weighted = amplitude(samples, prediction, scatter**-2.0)
    plain = amplitude(samples, prediction, np.ones(CELLS))
    assert weighted.std() < plain.std() / 5
    assert abs(weighted.mean() - 1) < 4 * weighted.std() / np.sqrt(400)


def test_excess_is_one_when_the_prediction_holds(prediction, rng):
    """Mean over many made-up campaigns, within four standard errors; larger when it does not."""
    scatter = rng.uniform(0.2, 2, CELLS)
    weights = rng.uniform(0.5, 2, CELLS)
    right = [excess(draw(rng, prediction, 6, scatter), prediction, weights) for _ in range(600)]
    error = np.std(right) / np.sqrt(len(right))
    assert abs(np.mean(right) - 1) < 4 * error
    wrong = excess(draw(rng, prediction + 2, 6, scatter), prediction, weights)
    assert wrong > 2


def test_flip_probability_is_uniform_when_the_prediction_holds(prediction, rng):
    weights = np.ones(CELLS)
    found = [
        flip_probability(draw(rng, prediction, 7, 1.0), prediction, weights) for _ in range(400)
    ]
    for level in (0.1, 0.5):
        rate = np.mean(np.array(found) <= level)
        assert abs(rate - level) < 4 * np.sqrt(level * (1 - level) / 400) + 2**-6
    assert flip_probability(draw(rng, prediction + 1, 7, 1.0), prediction, weights) == 2**-6
    assert flip_probability(draw(rng, prediction + 1, 20, 1.0), prediction, weights) < 1e-3


def test_a_single_sample_has_no_scatter(prediction):
    one = prediction[None]
    assert np.isnan(excess(one, prediction, np.ones(CELLS)))
    assert np.isnan(flip_probability(one, prediction, np.ones(CELLS)))
