"""Heat between two contacts: conductivity, jumps, thermal Hall angle, and the responses."""

import numpy as np

from ferronhall.model.response_maps import RESPONSE_MAPS
from ferronhall.model.statistics import SUFFIX
from ferronhall.results.tables.table import Table
from ferronhall.results.tables.zeros import NOTE, settled, settled_response

CASES = ("no field", "+Omega_B", "field-odd")
COLUMNS = ["quantity", "unit", *CASES, *(f"{case}, quantum" for case in CASES)]
ROWS = ("heat", "gradient", "jump_hot", "jump_cold", "conductivity")


def table(self_consistent):
    """One row a quantity, without field, in the field and odd in it, under either statistics."""
    found = self_consistent
    rows = [_row(found, name, (0, 1)) for name in ROWS]
    kinetic = found["conductivity_kinetic"]
    rows.append([*_named(kinetic), float(kinetic), *5 * [None]])
    rows += [_hall_row(found, name) for name in ("hall_difference", "hall_angle")]
    rows += [_edge_row(found, response) for response in RESPONSE_MAPS.values() if response.odd]
    notes = [
        "Harmonic about the relaxed slab; quantum: thermal parts, with temperatures of their own. "
        "The baths between the contacts take the temperatures at which they give no power, at each "
        "field its own; an edge accumulation is over all columns between the contacts.",
        "Gradient: of the mean over the layers, in the middle half of the two arms; a jump is what "
        "that line misses a contact by at its edge. A positive Hall angle: T rises along y as it "
        f"does along x, in the arm at x > 0. {NOTE}",
    ]
    title = f"Heat conduction between two contacts, campaign {found.attrs['campaign']}"
    return Table(title, COLUMNS, rows, notes)


def _row(found, name, places, settle=lambda value, suffix: float(value)):
    """The variable's values in their columns: of no field and +Ω_B, or one number alone.

    settle : function of a value and the suffix of its statistics
    """
    numbers = [None] * 6
    for n, suffix in enumerate(SUFFIX.values()):
        if f"{name}{suffix}" in found:
            values = np.atleast_1d(found[f"{name}{suffix}"].values)[-2:]
            for place, value in zip(places, values, strict=True):
                numbers[3 * n + place] = settle(value, suffix)
    return [*_named(found[name]), *numbers]


def _hall_row(found, name):
    """The transverse temperature difference, or the angle, which is zero where that is."""

    def settle(value, suffix):
        maps = (found[f"{map}{suffix}"].values for map in ("delta_temperature", "temperature"))
        difference = settled(float(found[f"hall_difference{suffix}"]), *maps)
        return float(value) if difference else 0.0

    return _row(found, name, (2,), settle)


def _edge_row(found, response):
    def settle(value, suffix):
        maps = found[f"{response.observable}{suffix}"].values
        return settled_response(float(value), response, maps)

    return _row(found, f"edge_{response.key}", (2,) if response.delta else (0,), settle)


def _named(variable):
    return variable.attrs["long_name"], variable.attrs["units"]
