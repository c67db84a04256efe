"""Are a trajectory's blocks independent, and has it forgotten its start?"""

import numpy as np

FEWEST_BLOCKS = 8
"""Independent blocks from which a drift can be told; with fewer, hardly any could be seen."""

DRIFTS = 3.0
"""Standard errors from which a change counts as one: chance alone gives as much once in 370."""


def block_correlation(series):
    """Correlation of a block with the next one, pooled over replicas.

    series : ndarray, shape (replica, block)
    returns : float
        Near 0 (within about 1/√(number of pairs)) when blocks are longer than the memory of the
        quantity; NaN when there are fewer than two blocks or nothing varies.
    """
    deviation = series - series.mean()
    variance = np.mean(deviation**2)
    if series.shape[1] < 2 or variance == 0:
        return np.nan
    return float(np.mean(deviation[:, 1:] * deviation[:, :-1]) / variance)


def drift(series):
    """Change of the mean from the first half of the blocks to the second, in standard errors.

    series : ndarray, shape (replica, block)
    returns : float
        The error is that of the blocks of all replicas about a straight line through each half,
        so that a drift does not pass for noise, and corrected for the correlation of blocks that
        follow one another (correlation_time). In units of an error from few blocks a change has
        Student's distribution, and is given as the normal deviate that chance exceeds as seldom
        (D. L. Wallace, Ann. Math. Stat. 30, 1121 (1959)). NaN when fewer than FEWEST_BLOCKS of the
        blocks are independent or nothing varies.
    """
    half = series.shape[1] // 2
    if half == 0:
        return np.nan
    halves = np.stack([series[:, :half], series[:, -half:]])
    means = halves.mean(axis=(1, 2))
    line = np.arange(half) - (half - 1) / 2
    slopes = halves.mean(axis=1) @ line / max(line @ line, 1)
    deviation = halves - means[:, None, None] - slopes[:, None, None] * line
    time = correlation_time(deviation.reshape(-1, half))
    independent = deviation.size / time
    squares = np.sum(deviation**2)
    if independent < FEWEST_BLOCKS or squares == 0:
        return np.nan
    freedom = independent - 4  # a mean and a slope of either half
    # the variance of a block over the independent ones in a half, for either mean
    variance = 2 * squares / (time * freedom) / (independent / 2)
    ratio = (means[1] - means[0]) / np.sqrt(variance)
    size = np.sqrt(freedom * np.log1p(ratio**2 / freedom)) * (8 * freedom + 1) / (8 * freedom + 3)
    return float(np.copysign(size, ratio))


def correlation_time(deviation):
    """Blocks that count as one independent block, 1 or more.

    deviation : ndarray, shape (run, block)
        Deviations from the mean; runs are independent of each other.

    Sum of the correlations over both directions in time, for the mean over a run, up to where a
    pair of lags is no longer positive: the initial positive sequence of C. J. Geyer, Stat. Sci. 7,
    473 (1992). Anticorrelation, which would make the error smaller, is not believed.
    """
    blocks = deviation.shape[1]
    products = [np.mean(deviation[:, lag:] * deviation[:, : blocks - lag]) for lag in range(blocks)]
    if products[0] == 0:
        return 1.0
    lags = np.arange(blocks)
    weighted = np.where(lags > 0, 2, 1) * (1 - lags / blocks) * products / products[0]
    total = 0.0
    for first in range(0, blocks, 2):
        if sum(products[first : first + 2]) <= 0:
            break
        total += weighted[first : first + 2].sum()
    return max(total, 1.0)


def verdict(change):
    """What a drift says: "equilibrated", "drifts", or "cannot tell" where it is NaN."""
    if np.isnan(change):
        return "cannot tell"
    return "drifts" if abs(change) > DRIFTS else "equilibrated"
