"""Which atom of the cell each displacement of a switching path belongs to: by name, or refused."""

import re
from itertools import permutations, product

import numpy as np

from ferronhall.base.errors import ConfigError
from ferronhall.crystals.first_principles.crystal import labels
from ferronhall.crystals.phonons.crystal_symmetry import polar_orbits
from ferronhall.crystals.phonons.elements import element
from ferronhall.crystals.phonons.lattice_dynamics import Note

_COLUMN = re.compile(r"dz_(.+)_A$")

_UNEQUAL = 0.03
"""Difference of atoms that a polar axis leaves alike, as a share of the largest displacement."""


def displacement_columns(names):
    """Label → column, of those named dz_…_A among `names`."""
    return {match[1]: name for name in names if (match := _COLUMN.match(name))}


def assign(displacement, cell):
    """Displacements in the order of the cell's atoms.

    displacement : dict, label → Å along the polar axis
        Labels are the cell's (Ti; O1, O2, … where several atoms share an element), in any order.
    cell : PhonopyAtoms
    returns : (ndarray of shape (n,), list of Note)
    raises : ConfigError where the elements are not those of the cell, or the numbers of atoms of
        one element leave open which is which

    Two programs may number the oxygens differently. Atoms that the polar axis leaves alike move
    alike; where the numbers go against that and one other order of the element's atoms does not,
    it is that one.
    """
    wanted = labels(cell.symbols)
    given = _by_element(displacement)
    needed = {}
    for atom, symbol in enumerate(cell.symbols):
        needed.setdefault(symbol, []).append(atom)
    if {k: len(v) for k, v in given.items()} != {k: len(v) for k, v in needed.items()}:
        raise ConfigError(
            f"the columns dz_…_A are those of {', '.join(displacement)}, the atoms of the cell "
            f"{', '.join(wanted)}; name each column after its atom, dz_{wanted[0]}_A and so on"
        )
    orbits = polar_orbits(cell)
    numbered = np.empty(len(wanted))
    for symbol, atoms in needed.items():
        inside = sorted(given[symbol], key=lambda label: _by_number(label, displacement))
        exact = [wanted[atom] for atom in atoms]
        order = exact if set(exact) == set(inside) else inside
        for atom, label in zip(atoms, order, strict=True):
            numbered[atom] = displacement[label]
    allowed = _UNEQUAL * np.abs(numbered).max()
    if _spread(numbered, orbits) <= allowed:
        return numbered, []
    found = []
    for candidate in _orders(numbered, list(needed.values())):
        new = all(np.abs(candidate - known).max() > allowed for known in found)
        if new and _spread(candidate, orbits) <= allowed:
            found.append(candidate)
    if len(found) != 1:
        alike = "; ".join(", ".join(wanted[a] for a in orbit) for orbit in orbits if len(orbit) > 1)
        raise ConfigError(
            f"{alike} stay alike when the crystal becomes polar along z, but their columns differ "
            f"by up to {_spread(numbered, orbits):.3g} Å, in "
            f"{'more than one' if found else 'any'} order of the columns; number them as the cell "
            f"has them: {', '.join(_places(wanted, cell))}"
        )
    return found[0], [
        Note(
            "switching path: the numbers of its columns are not those of the cell's atoms; each "
            "went to the atom of its element that moves so when the crystal becomes polar along z",
            loud=True,
        )
    ]


def _by_element(displacement):
    found = {}
    for label in displacement:
        found.setdefault(element(label), []).append(label)
    return found


def _by_number(label, displacement):
    """Sorting key: the number after the symbol, or the place among the columns."""
    digits = re.search(r"\d+$", label)
    return (int(digits[0]) if digits else 0, list(displacement).index(label))


def _orders(values, groups):
    """Values with the atoms of each element in every order."""
    for orders in product(*(permutations(group) for group in groups)):
        candidate = values.copy()
        for group, order in zip(groups, orders, strict=True):
            candidate[list(group)] = values[list(order)]
        yield candidate


def _spread(values, orbits):
    return max(np.ptp(values[orbit]) for orbit in orbits)


def _places(wanted, cell):
    return [
        f"{label} at ({', '.join(f'{x:g}' for x in np.round(place, 4))})"
        for label, place in zip(wanted, cell.scaled_positions, strict=True)
    ]
