"""A validated configuration for a notebook: that of a file with keys changed, or keys alone."""

import copy
from pathlib import Path
from typing import Any

from ferronhall.base import shipped, yaml_files
from ferronhall.campaign.config import validate

__all__ = ["configuration"]


def configuration(path: str | Path | None = None, /, **changes: Any) -> dict[str, Any]:
    """A configuration with every default filled in, checked as a campaign's is.

    path : a configuration file, such as config/config.yaml; None to give all keys here
    changes : groups of keys, or keys of their own, that take the place of those of the file
    returns : dict, for Model.from_config
    raises : ConfigError naming each wrong key, its value and the way out

    >>> import ferronhall as fh
    >>> config = fh.configuration("config/config.yaml", lattice={"nx": 7, "ny": 5, "nz": 2},
    ...     damping={"sponge_layers": 2}, temperature={"hot_fraction": 0.3})
    >>> config["lattice"]["nx"], config["temperature"]["T_hot_K"]
    (7, 50.0)

    A group keeps the keys that are not named. What is wrong is said as a campaign would:

    >>> fh.configuration("config/config.yaml", lattice={"ny": "5"})
    Traceback (most recent call last):
    ...
    ferronhall.base.errors.ConfigError: lattice.ny: '5' is text, not a whole number; ...
    """
    content = {} if path is None else yaml_files.read(path)
    return validate(_merged(content, changes), shipped.root())


def _merged(content: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    found = copy.deepcopy(content)
    for key, value in changes.items():
        both = isinstance(value, dict) and isinstance(found.get(key), dict)
        found[key] = _merged(found[key], value) if both else copy.deepcopy(value)
    return found
