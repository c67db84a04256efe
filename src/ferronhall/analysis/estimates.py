"""Mean and standard error of independent samples, at hand together or seen one at a time."""

import numpy as np


def mean_and_error(samples):
    """Mean and standard error over axis 0; the error is NaN for a single sample."""
    count = len(samples)
    mean = samples.mean(axis=0)
    if count < 2:
        return mean, np.full_like(mean, np.nan)
    return mean, samples.std(axis=0, ddof=1) / np.sqrt(count)


class RunningMean:
    """Mean and standard error of arrays of one shape, none of which is kept."""

    def __init__(self):
        self.count, self.mean, self._squares = 0, 0.0, 0.0

    def add(self, sample):
        """Take one more sample, an array."""
        self.count += 1
        before = sample - self.mean
        self.mean = self.mean + before / self.count
        self._squares = self._squares + before * (sample - self.mean)

    @property
    def stderr(self):
        """Standard error of the mean; NaN for a single sample."""
        if self.count < 2:
            return np.full_like(self.mean, np.nan)
        return np.sqrt(self._squares / (self.count - 1) / self.count)
