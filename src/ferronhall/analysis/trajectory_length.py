"""Whether core time is better spent on longer trajectories or on more of them.

Every trajectory pays for its equilibration, which speaks for long ones. The blocks of one
trajectory remember one another a little, the blocks of two do not, which speaks for many.
"""

import numpy as np

from ferronhall.analysis.equilibration import block_correlation


def length_gain(series, longer):
    """Variance of the mean of two trajectories over that of one twice as long, and its error.

    Both take the same core time. A block is taken to remember the one before it alone.

    series : ndarray, shape (replica, block)
        Block values of trajectories as they are.
    longer : int
        Blocks of a trajectory twice as long, equilibration included.
    returns : gain and its standard error by the jackknife over replicas (NaN below three)
    """
    count, blocks = series.shape
    gain = _gain(block_correlation(series), blocks, longer)
    if count < 3:
        return gain, np.nan
    left_out = [
        _gain(block_correlation(np.delete(series, r, axis=0)), blocks, longer) for r in range(count)
    ]
    return gain, float(np.sqrt((count - 1) * np.var(left_out)))


def _gain(correlation, blocks, longer):
    return _variance_of_mean(correlation, blocks) / 2 / _variance_of_mean(correlation, longer)


def _variance_of_mean(correlation, blocks):
    """Of so many blocks in a row, over that of one block."""
    return (1 + 2 * (1 - 1 / blocks) * correlation) / blocks
