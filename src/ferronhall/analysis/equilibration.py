"""Are a trajectory's blocks independent, and has it forgotten its start?"""

import numpy as np


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
    """Mean of the second half of the blocks less that of the first, in its standard errors.

    series : ndarray, shape (replica, block)
    returns : float
        Beyond about 3 in magnitude, the equilibration was too short. The error is taken over
        replicas, over blocks when there is one; NaN when there are too few of either.
    """
    half = series.shape[1] // 2
    if half == 0:
        return np.nan
    first, second = series[:, :half], series[:, -half:]
    if len(series) > 1:
        change = second.mean(axis=1) - first.mean(axis=1)
        error = change.std(ddof=1) / np.sqrt(len(change))
    else:
        change = second.mean() - first.mean()
        error = np.hypot(first.std(), second.std()) / np.sqrt(half - 1) if half > 1 else 0
    return float(np.mean(change) / error) if error > 0 else np.nan
