"""The axes of a scan: a key each, its values, and the point that all of them share."""

from dataclasses import dataclass

BASE = "base"
"""Name of the point that every axis shares: the configuration as it stands."""


@dataclass(frozen=True)
class Axis:
    """One key and its values, that of the base configuration among them.

    key : str
        Dotted.
    values : tuple of float or str
        Numbers in increasing order; with a word among them in the order of the configuration.
    base : float or str
        The key's value in the base configuration.
    """

    key: str
    values: tuple
    base: float | str

    def point(self, value):
        """Name of the point at a value: its file below the scan's folder."""
        return BASE if value == self.base else f"{self.key}/{text(value)}"


def text(value):
    """A value as it stands in names and tables."""
    return value if isinstance(value, str) else f"{value:.12g}"


def axes(config):
    """The axes of a configuration's scan, as a list of Axis."""
    found = []
    for axis in config["scan"]:
        base = lookup(config, axis["key"])
        values = list(axis["values"])
        base = base if isinstance(base, str) else float(base)
        if base not in values:
            values.insert(0, base)
        if not any(isinstance(value, str) for value in values):
            values.sort()
        found.append(Axis(axis["key"], tuple(values), base))
    return found


def lookup(config, key):
    """The value, or the group, under a dotted key."""
    for part in key.split("."):
        config = config[part]
    return config
