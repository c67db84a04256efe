"""A nested configuration by dotted keys."""

from typing import Any


def leaves(config: dict[str, Any], path: tuple[str, ...] = ()) -> dict[str, Any]:
    """Dotted key → value of everything in a configuration that is no group.

    config : dict, nested
    path : the groups around it
    """
    found: dict[str, Any] = {}
    for key, value in config.items():
        if isinstance(value, dict):
            found |= leaves(value, (*path, key))
        else:
            found[".".join((*path, key))] = value
    return found
