"""The rows of scan.nc by the key that varies, and by the curve that they lie on."""

import numpy as np


def panels(scan):
    """The rows of every axis of a scan, as a list of Dataset.

    An axis is a key, with the other key that its curves differ by where there is one.
    """
    return _parted(scan, zip(_words(scan, "key"), _words(scan, "each_key"), strict=True))


def curves(points):
    """The rows of every curve of an axis, as a list of Dataset; one where one key varies alone."""
    return _parted(points, _words(points, "each_value"))


def has_curves(points):
    """Whether an axis has a curve for each value of another key."""
    return bool(_words(points, "each_key")[0])


def curve_name(points):
    """Key and value that a curve stands for, as text; empty where one key varies alone."""
    if not has_curves(points):
        return ""
    return f"{_words(points, 'each_key')[0]} = {_words(points, 'each_value')[0]}"


def _parted(scan, labels):
    labels = list(labels)
    wanted = dict.fromkeys(labels)
    return [scan.isel(row=np.flatnonzero([k == label for k in labels])) for label in wanted]


def _words(scan, name):
    return [str(word) for word in np.ravel(scan[name].values)]
