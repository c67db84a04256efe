"""Heat between two contacts: conductivity, jumps, thermal Hall angle, and the responses."""

from ferronhall.model.response_maps import RESPONSE_MAPS
from ferronhall.results.tables.table import Table

COLUMNS = ["quantity", "unit", "no field", "+Omega_B", "field-odd"]
ROWS = ("heat", "gradient", "jump_hot", "jump_cold", "conductivity")


def table(self_consistent):
    """One row a quantity, without field, in the field, and odd in it."""
    found = self_consistent
    rows = []
    for name in ROWS:
        zero, plus = (float(found[name].values[n]) for n in (1, 2))
        rows.append([*_named(found[name]), zero, plus, None])
    kinetic = found["conductivity_kinetic"]
    rows.append([*_named(kinetic), float(kinetic), None, None])
    for name in ("hall_difference", "hall_angle"):
        rows.append([*_named(found[name]), None, None, float(found[name])])
    for response in RESPONSE_MAPS.values():
        if not response.odd:
            continue
        edge = found[f"edge_{response.key}"]
        numbers = [None, None, None]
        numbers[2 if response.delta else 0] = float(edge)
        rows.append([*_named(edge), *numbers])
    notes = [
        "Classical baths, harmonic about the relaxed slab. The baths between the contacts take the "
        "temperatures at which they give no power, at each field its own; an edge accumulation is "
        "over all columns between the contacts.",
        "Gradient: of the mean over the layers, in the middle half of the two arms; a jump is what "
        "that line misses a contact by at its edge. A positive Hall angle: T rises along y as it "
        "does along x, in the arm at x > 0.",
    ]
    title = f"Heat conduction between two contacts, campaign {found.attrs['campaign']}"
    return Table(title, COLUMNS, rows, notes)


def _named(variable):
    return variable.attrs["long_name"], variable.attrs["units"]
