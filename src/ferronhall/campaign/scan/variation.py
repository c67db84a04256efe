"""Variations of a configuration, one key at a time: the points of a scan."""

import copy
import difflib

from ferronhall.base import schema
from ferronhall.base.digest import MODEL
from ferronhall.base.dotted_keys import leaves
from ferronhall.base.errors import ConfigError
from ferronhall.campaign.config import validate
from ferronhall.campaign.scan.axes import axes, lookup, text
from ferronhall.model.material import read_material

_NO_VALUES = ("campaign", "material", "field.direction", "temperature.map", "domains.walls_y")
_REASONS = {
    "time": "it has neither time step nor sampling",
    "ensemble": "it has neither noise nor replicas",
    "checkpoint": "it has no trajectories",
    "theory": "every point takes the averaged closure",
    "campaign": "a name changes no result",
    "material": "it scans numbers and words; give another material a campaign of its own",
    "temperature.map": "it scans numbers and words; give another map a campaign of its own",
    "domains.walls_y": "it scans numbers and words, and walls are a list of layers",
    "field.direction": "it scans numbers and words, and a direction is three numbers",
}


def varied(config, key, value):
    """A copy with another value; a short-range preset brings the dipolar kernel it belongs to."""
    content = copy.deepcopy(config)
    *groups, last = key.split(".")
    lookup(content, ".".join(groups))[last] = value
    if key == "short_range.preset":
        known = read_material(config["material"])["short_range"]
        if value in known:
            content["dipole"]["kernel"] = known[value]["dipole_kernel"]
    content["scan"] = []
    return content


def points(config):
    """Every point of a configuration's scan.

    config : dict, validated
    returns : dict of point name → validated configuration; empty without a scan
    raises : ConfigError naming each wrong axis or value and the way out
    """
    schema.report([*_wrong_keys(config), *_repetitions(config)])
    found, messages = {}, []
    for axis in axes(config):
        for value in axis.values:
            try:
                found[axis.point(value)] = validate(varied(config, axis.key, value))
            except ConfigError as error:
                messages.append(f"scan: {axis.key} = {text(value)} is refused\n  {error}")
    schema.report(messages)
    return found


def scannable(config):
    """Dotted keys that a scan can vary: what the theory reads, numbers and words."""
    return [
        key
        for key in leaves(config)
        if any(key == part or key.startswith(f"{part}.") for part in MODEL)
        and key not in _NO_VALUES
    ]


def _wrong_keys(config):
    allowed, known = scannable(config), list(leaves(config))
    for n, axis in enumerate(config["scan"]):
        key = axis["key"]
        if key in allowed:
            continue
        choices = f"a scan can vary {', '.join(allowed)}"
        if key in known:
            reason = _REASONS.get(key) or _REASONS.get(key.split(".")[0], "it does not read it")
            yield (
                f"scan.{n}.key: a scan solves the noise-free theory, and {key} is not for it: "
                f"{reason}; {choices}"
            )
        else:
            close = difflib.get_close_matches(key, allowed, n=2)
            near = f" (did you mean {' or '.join(close)}?)" if close else ""
            yield f"scan.{n}.key: '{key}' is not a key of the configuration{near}; {choices}"


def _repetitions(config):
    seen = set()
    for n, axis in enumerate(config["scan"]):
        if axis["key"] in seen:
            yield f"scan.{n}.key: {axis['key']} has an axis already; put all its values there"
        seen.add(axis["key"])
        names = [text(value) for value in axis["values"]]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"scan.{n}.values: {name} stands there {names.count(name)} times; once is enough"
