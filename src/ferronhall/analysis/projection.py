"""A simulated map against a predicted one: its amplitude, and whether the rest is noise."""

import itertools
from functools import cache

import numpy as np

from ferronhall.analysis.estimates import quotient

_FLIPS = 4096


def amplitude(samples, prediction, weights):
    """Least-squares amplitude of a prediction in every sample of a map.

    samples : ndarray, shape (sample, cell)
    prediction, weights : ndarray, shape (cell,)
    returns : ndarray, shape (sample,); 1 where a sample is the prediction, NaN for a
        prediction of zeros
    """
    return quotient(samples @ (weights * prediction), np.sum(weights * prediction**2))


def excess(samples, prediction, weights):
    """Weighted square of (mean − prediction), over what the samples' scatter alone would give.

    The reduced χ²: 1 on average when the prediction holds, for any weights that do not depend on
    the samples' mean. NaN for a single sample.
    """
    count = len(samples)
    if count < 2:
        return np.nan
    deviation = samples.mean(axis=0) - prediction
    scatter = samples.var(axis=0, ddof=1) / count
    return float(np.sum(weights * deviation**2) / np.sum(weights * scatter))


def flip_probability(samples, prediction, weights):
    """How often chance alone would leave as large a deviation, by flipping the samples' signs.

    If the prediction holds, each sample's deviation from it is as likely as its negative; the
    correlations between cells, which widen the distribution of χ², are kept. All sign patterns of
    up to 13 samples are tried, 4096 of more. NaN for a single sample.
    """
    count = len(samples)
    if count < 2:
        return np.nan
    deviations = (samples - prediction) * np.sqrt(weights)
    products = deviations @ deviations.T
    signs = _patterns(count)
    squares = np.sum(signs @ products * signs, axis=1)
    return float(np.mean(squares >= squares[0] * (1 - 1e-12)))


@cache
def _patterns(count):
    """Patterns of signs ±1 of so many samples, shape (pattern, count); the first has no flip."""
    if 2 ** (count - 1) <= _FLIPS:
        return np.array([(1.0, *rest) for rest in itertools.product((1.0, -1.0), repeat=count - 1)])
    signs = np.random.default_rng(0).choice((1.0, -1.0), size=(_FLIPS, count))
    signs[0] = 1
    return signs
