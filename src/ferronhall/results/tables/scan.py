"""What each key does to the three transverse responses (tables/scan)."""

import numpy as np

from ferronhall.model.response_maps import RESPONSE_MAPS
from ferronhall.results import average_crystal
from ferronhall.results.scan_rows import curve_name, has_curves
from ferronhall.results.tables.table import Table

APPROXIMATIONS = ("closure", "harmonic", "closure_quantum", "harmonic_quantum")

COLUMNS = [
    "key",
    "value",
    "map",
    "unit",
    "edge, closure",
    "edge, harmonic",
    "edge, closure, quantum",
    "edge, harmonic, quantum",
    "extreme, closure",
    "extreme, harmonic",
    "extreme, closure, quantum",
    "extreme, harmonic, quantum",
    "at (cells from the centre, layers from the face)",
    "remark",
]


EACH = "for each"
"""The column of a scan whose curves differ by another key."""


def table(scan):
    """Edge accumulation and extreme of the three maps at every value of every key."""
    points = [scan.isel(row=n) for n in range(scan.sizes["row"])]
    columns, families = COLUMNS, any(map(has_curves, points))
    if families:
        columns = [*COLUMNS[:2], EACH, *COLUMNS[2:]]
    rows = []
    for point in points:
        for name in scan["map"].values:
            key, value, *numbers = _row(point.sel(map=name), RESPONSE_MAPS[name])
            each = [curve_name(point) or None] if families else []
            rows.append([key, value, *each, *numbers])
    notes = NOTES + average_crystal.notes(scan)
    return Table(f"Scan of campaign {scan.attrs['campaign']}", columns, rows, notes)


NOTES = [
    "Edge accumulation: mean of sign(x) sign(y) X over the two outermost layers of both faces and "
    "the flank columns. Extreme: sign(x) sign(y) X where it is largest in magnitude; the cell is "
    "that of the classical closure. Base: the configuration's own value.",
    "From the noise-free theory, in the Gaussian closure averaged over x and to first order in the "
    "temperature; quantum: the thermal part under quantum statistics of the bath. Every "
    "key varies by itself, the others keep the base's values, but for one under for each; with "
    "short_range.preset, dipole.kernel follows, with a material its own preset.",
]


def _row(point, response):
    row = [str(point["key"].values), str(point["value"].values), response.title, response.unit]
    for quantity in ("edge", "extreme"):
        for approximation in APPROXIMATIONS:
            value = float(point[quantity].sel(approximation=approximation))
            row.append(None if np.isnan(value) else value)
    where = [float(point[k].sel(approximation="closure")) for k in ("extreme_x", "extreme_depth")]
    row.append(None if np.isnan(where[0]) else "({:g}, {:g})".format(*where))
    reasons = [str(reason) for reason in point["failure"].values if reason]
    for approximation, reason in zip(
        point["approximation"].values, point["turns"].values, strict=True
    ):
        if reason:
            reasons.append(f"{str(approximation).replace('_', ', ')}: {reason}")
    remarks = (["base"] if point["base"] else []) + list(dict.fromkeys(reasons))
    return [*row, "; ".join(remarks) or None]
