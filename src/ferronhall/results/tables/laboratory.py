"""Responses to a weak gradient and a weak field, per unit of both (tables/laboratory)."""

import numpy as np

from ferronhall.base import units
from ferronhall.model.cells import Cells
from ferronhall.model.field import splitting
from ferronhall.results import average_crystal
from ferronhall.results.tables.table import Table

QUANTITIES = (
    ("L_z", "angular_momentum", "edge", "hbar per K/m"),
    ("Δ_B KE", "kinetic_energy", "edge", "meV per K/m and µ_B T"),
    ("Δ_B P", "polarization", "edge", "C/m^2 per K/m and µ_B T"),
    ("Δ_B P, sheet", "polarization", "half", "C/m per K/m and µ_B T"),
)
"""Name, variable of laboratory.nc, mean over the edge or sum over half of the slab, unit."""

COLUMNS = [
    "T0 (K)",
    "quantity",
    "unit",
    "classical",
    "uncertainty, classical",
    "quantum",
    "uncertainty, quantum",
    "remark",
]


def table(parameters, laboratory):
    """Edge accumulation and sheet of every response at every T₀."""
    cells = Cells.of(parameters)
    thickness = float(parameters["lattice_constant"]) * units.ANGSTROM
    rows = []
    for T0 in laboratory["temperature"].values:
        at = laboratory.sel(temperature=T0)
        reasons = dict.fromkeys(str(reason) for reason in at["failure"].values if reason)
        for name, variable, part, unit in QUANTITIES:
            factor = 1.0 if variable == "angular_momentum" else splitting(1.0, 1.0)
            factor *= thickness if part == "half" else 1.0
            row = [float(T0), name, unit]
            for each in at["statistics"].values:
                content = at.sel(statistics=each)
                value, error = coefficient(content, variable, cells, part)
                row += [factor * value, factor * error]
            rows.append([*(_missing(v) for v in row), "; ".join(reasons) or None])
    errors = {"classical": COLUMNS[4], "quantum": COLUMNS[6]}
    title = f"Responses to a weak gradient and field of campaign {laboratory.attrs['campaign']}"
    notes = NOTES + average_crystal.notes(laboratory)
    return Table(title, COLUMNS, rows, notes, errors=errors)


NOTES = [
    "For a temperature T0 that rises slowly along +x and a field along +z, of a phonon's moment "
    "counted as field.moment_muB (1 µ_B T is 0.176 rad/ps). Edge: mean of sign(y) X over the two "
    "outermost layers of both faces. Sheet: Δ_B P integrated over the half of the slab at y > 0. "
    "Fields across z have no such response (mirrors).",
    "Gaussian closure at T0, classical and with the thermal part of quantum statistics. "
    "Uncertainty: the change from a third of the wave vectors, far above what is left.",
]


def coefficient(content, variable, cells, part):
    """A coefficient of one T₀ and statistics with its uncertainty: "edge" mean or "half" sum."""
    value, error = content[variable].values, content[f"{variable}_uncertainty"].values
    sign = np.sign(cells.y)
    if part == "half":
        return float(value @ sign / 2), float(error @ np.abs(sign) / 2)
    return float((value * sign)[cells.edge].mean()), float(error[cells.edge].mean())


def _missing(value):
    return None if value != value else value
