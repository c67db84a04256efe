"""Paper, theory and simulation side by side: edge accumulations (tables/comparison)."""

import json

from ferronhall.base import units
from ferronhall.model.mirrors import Mirrors
from ferronhall.model.response_maps import RESPONSE_MAPS
from ferronhall.results.tables.table import Table

COLUMNS = [
    "map",
    "unit",
    "published",
    "harmonic theory",
    "Gaussian closure",
    "local formula",
    "simulation",
    "standard error",
    "simulation less closure, standard errors",
]


def table(parameters, theory, ensemble):
    """Edge accumulation of each map that the mirrors allow one, and that of Δ_B P over P0."""
    published = json.loads(parameters.attrs["material"]).get("published", {})
    rows, mirrors = [], Mirrors.of_dataset(ensemble)
    for key, response in RESPONSE_MAPS.items():
        if not response.accumulates(mirrors):
            continue
        edge = f"edge_{key}"
        values = [
            theory[f"{edge}{suffix}"] if f"{edge}{suffix}" in theory else None
            for suffix in ("_harmonic", "", "_local")
        ]
        values += [ensemble[edge], ensemble[f"{edge}_stderr"]]
        row = [published.get(edge), *(None if v is None else float(v) for v in values)]
        rows.append([response.title, response.unit, *row, _deviation(*row[2:3], *row[4:6])])
        if key == "delta_polarization":
            P0 = units.MICRO * float(parameters["P0"])
            shares = [None if v is None else v / P0 for v in row]
            rows.append([f"{response.title} / P0", "1", *shares, None])
    title = f"Theory and simulation of campaign {ensemble.attrs['campaign']}"
    return Table(title, COLUMNS, rows, _notes(theory, ensemble))


def _deviation(predicted, measured, error):
    return (measured - predicted) / error if error > 0 else None


def _notes(theory, ensemble):
    kind, count = ensemble.attrs["samples"], ensemble.attrs["sample_count"]
    return [
        "Edge accumulation: mean of sign(x) sign(y) X over the two outermost layers of both faces "
        "and the flank columns. The published figures are what the maps reach at the edges, for "
        "101 × 85 × 13 cells and a short-range kernel that is not printed.",
        f"Theory: the steady state without noise, of the equation of motion (its substep's bias is "
        f"in tables/timestep). Closure: {theory.attrs['closure']}. Local formula: Eq. S53–S55 with "
        "the harmonic fluctuations.",
        f"Simulation: one standard error over {count} {kind}. The whole maps are compared in "
        "tables/projection.",
    ]
