"""The axes of a scan: keys, their values, and the point that all of them share."""

from dataclasses import dataclass
from pathlib import PurePath

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

    def changes(self, value):
        """What a value changes about the base, dict of key → value; empty at the base's own."""
        return {} if text(self.key, value) == text(self.key, self.base) else {self.key: value}


@dataclass(frozen=True)
class Row:
    """One point of a scan as a row of scan.nc.

    axis : Axis
        With the key that varies along a curve.
    value : float or str
    each : Axis or None
        With the key of which every value has a curve of its own.
    each_value : float, str or None
    """

    axis: Axis
    value: float | str
    each: Axis | None = None
    each_value: float | str | None = None

    @property
    def changes(self):
        """What the point changes about the base, dict of key → value."""
        beside = self.each.changes(self.each_value) if self.each else {}
        return self.axis.changes(self.value) | beside

    @property
    def point(self):
        """The point's name: its file below the scan's folder."""
        return "/".join(f"{k}/{text(k, v)}" for k, v in self.changes.items()) or BASE


def text(key, value):
    """A key's value as it stands in names and tables; of a material the name of its file."""
    if key == "material":
        return PurePath(value).stem
    return value if isinstance(value, str) else f"{value:.12g}"


def rows(config):
    """Every row of a configuration's scan in the order of its axes, as a list of Row."""
    found = []
    for group in config["scan"]:
        axis, each = _axis(config, group), group.get("for_each")
        if each is None:
            found += [Row(axis, value) for value in axis.values]
            continue
        each = _axis(config, each)
        found += [Row(axis, v, each, beside) for beside in each.values for v in axis.values]
    return found


def _axis(config, group):
    key, base, values = group["key"], lookup(config, group["key"]), list(group["values"])
    base = base if isinstance(base, str) else float(base)
    if text(key, base) not in [text(key, value) for value in values]:
        values.insert(0, base)
    if not any(isinstance(value, str) for value in values):
        values.sort()
    return Axis(key, tuple(values), base)


def lookup(config, key):
    """The value, or the group, under a dotted key."""
    for part in key.split("."):
        config = config[part]
    return config
