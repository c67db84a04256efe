"""How much of a control variate belongs to a sample: coefficients by regression, without bias.

A coefficient estimated from the samples it is applied to correlates with their noise and biases
the mean. Each sample therefore takes its coefficient from the others: from other runs where there
are several, else from other parts of the run (cross-fitting). The coefficient then adds its own
error to the scatter of what is left, where it is counted.
"""

import numpy as np

FEWEST_SAMPLES = 8
"""Fewer tell no coefficient: the control variate then enters as it is."""

_FOLDS = 10


def controlled(values, chance, run, shared=()):
    """The samples less the part of their chance that regression tells.

    values, chance : ndarray, shape (sample, ...)
        `chance` has the mean zero.
    run : int, samples that follow one another, see estimates.estimate
    shared : tuple of int
        Axes along which one coefficient serves.
    """
    count = len(values)
    if count < FEWEST_SAMPLES:
        return values - chance
    # about the mean of all, which drops out, as products of large numbers would lose their digits
    deviation = values - values.mean(axis=0)
    found = np.empty_like(values)
    for fold in _folds(count, run):
        others = np.setdiff1d(np.arange(count), fold)
        own, its = deviation[others], chance[others]
        products = ((own - own.mean(axis=0)) * its).sum(axis=0, keepdims=True)
        above = products.sum(axis=shared, keepdims=True)
        below = (its**2).sum(axis=0, keepdims=True).sum(axis=shared, keepdims=True)
        coefficient = np.divide(above, below, out=np.zeros_like(below), where=below > 0)
        found[fold] = values[fold] - coefficient * chance[fold]
    return found


def _folds(count, run):
    """Samples in groups of whole runs, or of neighbours where there are too few runs."""
    runs = count // run
    if runs >= 4:
        return [
            np.concatenate([np.arange(r * run, (r + 1) * run) for r in group])
            for group in np.array_split(np.arange(runs), min(runs, _FOLDS))
        ]
    return np.array_split(np.arange(count), min(count, _FOLDS))
