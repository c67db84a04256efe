"""A key's old and new value in a few words: of a long list what came and what went."""

import json

SHORT = 60
"""Characters up to which two values are written out whole."""

_MOST = 5
"""Entries that are named."""


def in_words(key, old, new):
    """What changed about a key: "key: old → new", or of long lists what is in one of them alone.

    old, new : values as JSON holds them; None where there is no such key
    """
    whole = f"{key}: {old} → {new}"
    if len(whole) <= SHORT or not (isinstance(old, list) and isinstance(new, list)):
        return whole
    if all(isinstance(entry, dict) and "key" in entry for entry in (*old, *new)):
        return f"{key}: {_axes(old, new)}"
    return f"{key}: {_entries(old, new)}"


def _axes(old, new):
    """Of a list of axes, as a scan is one, which axes and which values of an axis."""
    before, after = ({_name(axis): axis for axis in axes} for axes in (old, new))
    told = [f"with {name}" for name in after if name not in before]
    told += [f"without {name}" for name in before if name not in after]
    for name in before:
        if name in after and before[name] != after[name]:
            values = [axis[name].get("values", []) for axis in (before, after)]
            told.append(f"{name} {_entries(*values)}")
    return ", ".join(told) or "other order"


def _name(axis):
    each = axis.get("for_each")
    return f"{axis['key']} for each {each['key']}" if each else axis["key"]


def _entries(old, new):
    before, after = (list(map(json.dumps, entries)) for entries in (old, new))
    told = [
        f"{word} {_some([e for e in mine if e not in others])}"
        for word, mine, others in (("with", after, before), ("without", before, after))
        if set(mine) - set(others)
    ]
    return " and ".join(told) or "otherwise changed"


def _some(entries):
    more = [f"{len(entries) - _MOST} more"] if len(entries) > _MOST else []
    return ", ".join([*(entry.strip('"') for entry in entries[:_MOST]), *more])
