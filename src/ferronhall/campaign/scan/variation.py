"""Variations of a configuration, by one key or two: the points of a scan."""

import copy
import difflib
from pathlib import Path

from ferronhall.base import schema, shipped
from ferronhall.base.digest import MODEL
from ferronhall.base.dotted_keys import leaves
from ferronhall.base.errors import ConfigError
from ferronhall.campaign.config import validate
from ferronhall.campaign.scan.axes import lookup, rows, text
from ferronhall.model.material import read_material

_NO_VALUES = (
    *("campaign", "field.direction", "temperature.map"),
    *("domains.walls_y", "domains.relaxed"),
)
_REASONS = {
    "time": "it has neither time step nor sampling",
    "ensemble": "it has neither noise nor replicas",
    "checkpoint": "it has no trajectories",
    "theory": "every point takes the averaged closure",
    "campaign": "a name changes no result",
    "temperature.map": "it scans numbers and words; give another map a campaign of its own",
    "domains.walls_y": "it scans numbers and words, and walls are a list of layers",
    "domains": "it knows walls at rest alone",
    "disorder": "it knows the average crystal alone; disorder.nc has parts of the concentrations",
    "field.direction": "it scans numbers and words, and a direction is three numbers",
}


def varied(config, changes, root="."):
    """A copy with other values.

    A short-range preset brings the dipolar kernel it belongs to, and a material that lacks the
    configuration's preset its own first one for the configuration's kernel.

    changes : dict, dotted key → value
    root : str or Path, as of config.validate
    raises : ConfigError when the material cannot be read
    """
    content = copy.deepcopy(config)
    for key, value in changes.items():
        *groups, last = key.split(".")
        group = lookup(content, ".".join(groups)) if groups else content
        group[last] = value
    content["scan"] = []
    content["material"] = shipped.find(content["material"], root)
    if not {"material", "short_range.preset"} & set(changes):
        return content
    known, preset = read_material(content["material"])["short_range"], content["short_range"]
    kernel = content["dipole"]["kernel"]
    if "short_range.preset" not in changes and preset["preset"] not in known:
        fitting = [name for name, own in known.items() if own["dipole_kernel"] == kernel]
        preset["preset"] = (fitting or [preset["preset"]])[0]
    if "short_range.preset" in changes and preset["preset"] in known:
        content["dipole"]["kernel"] = known[preset["preset"]]["dipole_kernel"]
    return content


def points(config, root="."):
    """Every point of a configuration's scan.

    config : dict, validated
    root : str or Path, as of config.validate
    returns : dict of point name → validated configuration; empty without a scan
    raises : ConfigError naming each wrong axis or value and the way out
    """
    schema.report([*_wrong_keys(config), *_no_paths(config)])
    schema.report([*_repetitions(config, root), *_namesakes(config, root)])
    found, messages = {}, []
    for row in rows(config):
        if row.point in found:
            continue
        try:
            found[row.point] = validate(varied(config, row.changes, root), root)
        except ConfigError as error:
            changed = " and ".join(f"{k} = {text(k, v)}" for k, v in row.changes.items())
            messages.append(f"scan: {changed} is refused\n  {error}")
    schema.report(messages)
    return found


def scannable(config):
    """Dotted keys that a scan can vary: what the theory reads, numbers and words."""
    return [
        key
        for key in leaves(config)
        if any(key == part or key.startswith(f"{part}.") for part in (*MODEL, "material"))
        and key not in _NO_VALUES
        and not key.startswith(("disorder.", "domains.map"))
    ]


def _groups(config):
    """Every key with its values, and where it stands in the configuration."""
    for n, group in enumerate(config["scan"]):
        yield f"scan.{n}", group
        if "for_each" in group:
            yield f"scan.{n}.for_each", group["for_each"]


def _wrong_keys(config):
    allowed, known = scannable(config), list(leaves(config))
    for place, group in _groups(config):
        key = group["key"]
        if key in allowed:
            continue
        choices = f"a scan can vary {', '.join(allowed)}"
        if key in known:
            reason = _REASONS.get(key) or _REASONS.get(key.split(".")[0], "it does not read it")
            yield (
                f"{place}.key: a scan solves the noise-free theory, and {key} is not for it: "
                f"{reason}; {choices}"
            )
        else:
            close = difflib.get_close_matches(key, allowed, n=2)
            near = f" (did you mean {' or '.join(close)}?)" if close else ""
            yield f"{place}.key: '{key}' is not a key of the configuration{near}; {choices}"


def _repetitions(config, root):
    seen = set()
    for n, group in enumerate(config["scan"]):
        keys = (group["key"], *([group["for_each"]["key"]] if "for_each" in group else []))
        if len(set(keys)) < len(keys):
            yield f"scan.{n}.for_each.key: {keys[0]} varies already; give another key"
        if keys in seen:
            words = " for each ".join(keys)
            yield f"scan.{n}.key: {words} has an axis already; put all its values there"
        seen.add(keys)
    for place, group in _groups(config):
        key = group["key"]
        names = [_file(v, root) if key == "material" else text(key, v) for v in group["values"]]
        for name in sorted({name for name in names if names.count(name) > 1}):
            shown = text(key, str(name))
            yield f"{place}.values: {shown} stands there {names.count(name)} times; once is enough"


def _file(material, root):
    """The file behind a material's path, however that is written."""
    return Path(shipped.find(material, root)).resolve()


def _no_paths(config):
    for place, group in _groups(config):
        if group["key"] == "material":
            for value in group["values"]:
                if not isinstance(value, str):
                    yield f"{place}.values: {value:.12g} is a number, not a path of a material file"


def _namesakes(config, root):
    """Material files of one name, the configuration's own among them: their points would be one."""
    for place, group in _groups(config):
        if group["key"] != "material":
            continue
        files = {}
        for path in dict.fromkeys([config["material"], *group["values"]]):
            files.setdefault(text("material", path), []).append(path)
        for name, paths in files.items():
            if len({_file(path, root) for path in paths}) > 1:
                yield (
                    f"{place}.values: {' and '.join(paths)} are different files, and the name of "
                    f"either, {name}, would stand for both; give one of them another name"
                )
