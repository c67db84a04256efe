"""Patterns that belong to no zone-boundary irrep: one atom displaced, and the polar mode."""

import re

import numpy as np

from ferronhall.base.errors import ConfigError
from ferronhall.crystals.first_principles.crystal import labels

ATOM = "atom:"
POLAR = "polar"


def atom_pattern(parent, label):
    """One atom displaced along an axis, shape (n, 3).

    label : str
        As "atom:O1,x"; atoms of an element are counted from 1, in the parent's order.
    raises : ConfigError for an atom or axis there is not
    """
    names = labels(parent.symbols)
    found = re.fullmatch(rf"{ATOM}(\w+),([xyz])", label)
    if not found or found.group(1) not in names:
        raise ConfigError(
            f"mode '{label}' names no atom and axis; write {ATOM}<atom>,<x, y or z> with one of "
            f"{', '.join(names)}"
        )
    pattern = np.zeros((len(names), 3))
    pattern[names.index(found.group(1)), "xyz".index(found.group(2))] = 1.0
    return pattern


def polar_pattern(parent, axis):
    """The polar mode of a fluorite: cations against oxygens, without net translation.

    raises : ConfigError for a perovskite, which has three polar modes
    """
    if parent.family != "fluorite":
        raise ConfigError(
            f"mode '{POLAR}': a {parent.family} has more than one polar mode of this kind; it is "
            "defined for the fluorite alone"
        )
    pattern = np.zeros((len(parent.roles), 3))
    pattern[:, axis] = [2.0 if role == "M" else -1.0 for role in parent.roles]
    return pattern / np.linalg.norm(pattern)
