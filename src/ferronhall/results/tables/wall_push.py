"""How hard the fluctuations push the domain walls, beside what it takes to move them."""

import numpy as np

from ferronhall.analysis.wall_push import wall_push
from ferronhall.model.map_algebra import field_odd
from ferronhall.results.tables.table import Table

COLUMNS = [
    "wall at layer",
    "theory",
    "push without field (Pa)",
    "field-odd push, x > 0 (Pa)",
    "field-odd push, x < 0 (Pa)",
    "as a field along x (kV/cm)",
    "depinning field, down (kV/cm)",
    "depinning field, up (kV/cm)",
]
APPROXIMATIONS = {
    "_harmonic": "harmonic",
    "": "Gaussian closure",
    "_harmonic_quantum": "harmonic, quantum",
    "_quantum": "Gaussian closure, quantum",
}
"""Endings of the names in theory.nc, and how the table names them."""


def table(parameters, domain_walls, theory):
    """A row for every wall and approximation."""
    flank = parameters["flank"].values
    right, left = (flank & (sign * theory["x"].values > 0) for sign in (1, -1))
    rows = []
    for number, wall in enumerate(domain_walls["wall"].values):
        depinning = domain_walls["wall_depinning_field"].values[number]
        for suffix, name in APPROXIMATIONS.items():
            one = domain_walls.isel(wall=[number])
            pressure, field = wall_push(one, theory[f"pull{suffix}"], parameters)
            # the algebra of maps takes (field, x, y), of which the walls' layer is one
            dims = ("field", "x", "wall")
            at_zero = pressure.transpose(*dims).values[1, :, 0]
            odd, as_field = (field_odd(a.transpose(*dims).values)[:, 0] for a in (pressure, field))
            values = [
                at_zero.mean(),
                odd[right].mean(),
                odd[left].mean(),
                max(as_field[theory["x"].values > 0], key=abs),
                *depinning,
            ]
            found = [None if np.isnan(value) else float(value) for value in values]
            rows.append([int(wall), name, *found])
    notes = [
        "Virtual work of the fluctuations' force (pull in theory.nc) as the wall moves up by a "
        "layer, per area and length; positive towards the upper layers. Without field: mean over "
        "x, with the campaign's temperatures. Field-odd: mean over the flank columns. As a field: "
        "the electric field that pushes as much where, at x > 0, the field-odd push is largest.",
        "Depinning field: electric field along x, on top of the static one, from which the wall "
        "moves at zero temperature; – where the wall can rest in no layer beside its own.",
    ]
    title = f"Push on the domain walls of campaign {theory.attrs['campaign']}"
    return Table(title, COLUMNS, rows, notes)
