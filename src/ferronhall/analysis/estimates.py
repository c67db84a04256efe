"""Mean and standard error of samples that may remember one another.

Samples come in runs: those of one run follow one another in a trajectory, different runs are
independent. Neighbours are joined to ever longer blocks until a block no longer remembers the one
before it (H. Flyvbjerg and H. G. Petersen, J. Chem. Phys. 91, 461 (1989)); the blocks' scatter is
the error. Where the runs are too short for that, the correlation that is left is corrected for.
"""

from dataclasses import dataclass

import numpy as np

FEWEST_BLOCKS = 16
"""Blocks are not joined to fewer than these: the error of fewer is less certain than its bias."""

_SIGNIFICANT = 2.0
"""Standard errors from which a correlation counts as one."""


@dataclass(frozen=True)
class Estimate:
    """Mean of samples over axis 0, its standard error, and what stands behind it.

    mean, error : ndarray or float; the error is NaN where a single block is left
    freedom : float
        Degrees of freedom of the error: it is uncertain by about 1/√(2 freedom) of itself.
    """

    mean: np.ndarray
    error: np.ndarray
    freedom: float


def estimate(samples, run=1):
    """The Estimate of samples of shape (sample, ...), `run` after one another in one trajectory.

    All cells of a map share one correlation, their average: alone, each would be lost in noise.
    """
    count, mean = len(samples), samples.mean(axis=0)
    if count < 2:
        return Estimate(mean, np.full_like(mean, np.nan), 0.0)
    blocks = samples.reshape(count // run, run, *samples.shape[1:])
    remembered = False
    while True:
        total, length = blocks.shape[0] * blocks.shape[1], blocks.shape[1]
        correlation, significant = _correlation(blocks - mean)
        if not significant or length < 4 or total // 2 < FEWEST_BLOCKS:
            break
        remembered = True
        even = blocks[:, : length // 2 * 2]
        blocks = even.reshape(len(blocks), length // 2, 2, *samples.shape[1:]).mean(axis=2)
    variance = blocks.reshape(total, *samples.shape[1:]).var(axis=0, ddof=1)
    # blocks that the joining left out stand in the mean; they scatter as the others do
    joined = run // length * total
    # what noise may have feigned is left out, but for the rest of a correlation that was there
    stretched = _stretch(correlation, length) if significant or remembered else 1.0
    error = np.sqrt(variance * stretched / total * joined / count)
    return Estimate(mean, error, max(total / max(stretched, 1) - 1, 0.0))


def mean_and_error(samples, run=1):
    """Mean and standard error over axis 0, as in estimate; the error is NaN for a single sample."""
    found = estimate(samples, run)
    return found.mean, found.error


def quotient(above, below):
    """above/below, numbers or arrays; NaN where below is 0, as of what does not vary."""
    above, below = np.broadcast_arrays(above, below)
    return np.divide(above, below, out=np.full(below.shape, np.nan), where=below != 0)


def _stretch(correlation, length):
    """By how much the variance of a run's mean exceeds that of as many independent blocks.

    As if a block remembered the earlier ones through the one before it alone (a Markov chain).
    """
    r = np.clip(correlation, -0.99, 0.99)
    return (1 + r) / (1 - r) - 2 * r * (1 - r**length) / (length * (1 - r) ** 2)


def _correlation(deviation):
    """Correlation of a block with the next, (run, block, ...), and if it is more than noise."""
    runs, length = deviation.shape[:2]
    pairs = runs * (length - 1)
    if pairs == 0:
        return 0.0, False
    variance = np.mean(deviation**2, axis=(0, 1))
    product = np.sum(deviation[:, 1:] * deviation[:, :-1], axis=(0, 1)) / pairs
    varying = variance > 0
    if not np.any(varying):
        return 0.0, False
    # deviations are from the samples' own mean, which correlates them by −1/n
    found = np.mean(product[varying] / variance[varying]) + 1 / (runs * length)
    return float(found), bool(abs(found) > _SIGNIFICANT / np.sqrt(pairs * np.size(variance)))


class RunningEstimate:
    """Mean and standard error of arrays of one shape, none of which is kept.

    Samples are taken one at a time by Welford's recurrence, with the product of each and the one
    before it in its run, by which the error is corrected.
    """

    def __init__(self):
        self.count, self.mean, self._squares = 0, 0.0, 0.0
        self._last, self._pairs, self._products, self._edges = None, 0, 0.0, 0.0
        self._origin = None

    def add(self, sample, follows=False):
        """Take one more sample, an array; `follows` the last one in its run, or begins a run."""
        if self._origin is None:
            self._origin = sample
        here = sample - self._origin
        if follows:
            self._pairs += 1
            self._products = self._products + here * self._last
            self._edges = self._edges + here + self._last
        self._last = here
        self.count += 1
        before = sample - self.mean
        self.mean = self.mean + before / self.count
        self._squares = self._squares + before * (sample - self.mean)

    @property
    def stderr(self):
        """Standard error of the mean; NaN for a single sample."""
        if self.count < 2:
            return np.full_like(self.mean, np.nan)
        stretched = _stretch(self._correlation(), self.count / (self.count - self._pairs))
        return np.sqrt(self._squares / (self.count - 1) / self.count * stretched)

    def _correlation(self):
        """As in estimate."""
        if self._pairs == 0:
            return 0.0
        shift, variance = self.mean - self._origin, self._squares / self.count
        product = (self._products - shift * self._edges) / self._pairs + shift**2
        varying = variance > 0
        if not np.any(varying):
            return 0.0
        found = np.mean(product[varying] / variance[varying]) + 1 / self.count
        threshold = _SIGNIFICANT / np.sqrt(self._pairs * np.size(variance))
        return float(found) if abs(found) > threshold else 0.0
