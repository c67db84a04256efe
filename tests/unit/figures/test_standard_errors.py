"""What counts as consistent with zero."""

import numpy as np
import pytest

from ferronhall.results.figures.standard_errors import consistent_with_zero


@pytest.mark.parametrize("samples", [3, 6, 40])
def test_what_counts_as_consistent_with_zero(samples, rng):
    """Of means of Gaussian samples over their own errors one in twenty does not, by definition."""
    data = rng.normal(size=(1500, samples, 8))
    means = data.mean(axis=1)
    errors = data.std(axis=1, ddof=1) / np.sqrt(samples)
    judged = [consistent_with_zero(m, e, samples) for m, e in zip(means, errors, strict=True)]
    assert np.mean(judged) == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / 1500))
    assert not consistent_with_zero(means[0] + 30 * errors[0], errors[0], samples)
    assert consistent_with_zero(np.zeros(4), np.zeros(4), samples)
    assert not consistent_with_zero(np.ones(4), np.zeros(4), samples)
