"""Paper, theory and simulation side by side: edge accumulations (tables/comparison)."""

import json

from ferronhall.base import units
from ferronhall.model.cells import Cells
from ferronhall.model.mirrors import Mirrors
from ferronhall.model.response_maps import RESPONSE_MAPS
from ferronhall.results.tables.rounding import in_errors
from ferronhall.results.tables.table import Table

REMOVED = "the harmonic part of the time-step bias"

COLUMNS = [
    "map",
    "unit",
    "published size",
    "harmonic theory",
    "Gaussian closure",
    "local formula",
    "harmonic theory, quantum",
    "Gaussian closure, quantum",
    "simulation",
    "standard error",
    "simulation less closure, standard errors",
]


def table(parameters, theory, timestep, ensemble):
    """Edge accumulation of each map that the mirrors allow one, and that of Δ_B P over P0."""
    published = json.loads(parameters.attrs["material"]).get("published", {})
    cells, mirrors = Cells.of(parameters), Mirrors.of_dataset(ensemble)
    rows = []
    for key, response in RESPONSE_MAPS.items():
        if not response.accumulates(mirrors):
            continue
        edge = f"edge_{key}"
        values = [
            theory[f"{edge}{suffix}"] if f"{edge}{suffix}" in theory else None
            for suffix in ("_harmonic", "", "_local", "_harmonic_quantum", "_quantum")
        ]
        bias = edge_bias(cells, timestep, ensemble, key)
        values += [ensemble[edge] - bias, ensemble[f"{edge}_stderr"]]
        row = [published.get(edge), *(None if v is None else float(v) for v in values)]
        rows.append([response.title, response.unit, *row, _deviation(*row[2:3], *row[6:8])])
        if key == "delta_polarization":
            P0 = units.MICRO * float(parameters["P0"])
            shares = [None if v is None else v / P0 for v in row]
            rows.append([f"{response.title} / P0", "1", *shares, None])
    title = f"Theory and simulation of campaign {ensemble.attrs['campaign']}"
    return Table(
        title,
        COLUMNS,
        rows,
        _notes(theory, ensemble, any(row[2] is not None for row in rows)),
        errors={"simulation": "standard error"},
        formats={COLUMNS[-1]: in_errors},
    )


def edge_bias(cells, timestep, ensemble, key):
    """What is known of the time-step bias in a simulated edge accumulation; 0 where it is gone."""
    left = ensemble.attrs.get("time_step_bias_left", "").split(", ")
    taken_off = ensemble.attrs["time_step_bias"] != "not taken off"
    if taken_off and RESPONSE_MAPS[key].observable not in left:
        return 0.0
    if key.endswith("_zero"):
        values = timestep[f"{key.removesuffix('_zero')}_bias"].values[0, 1]
    else:
        values = timestep[f"{key}_bias"].values[0]
    return float(cells.edge_accumulation(values))


def _deviation(predicted, measured, error):
    return (measured - predicted) / error if error > 0 else None


def _notes(theory, ensemble, published):
    kind, count = ensemble.attrs["samples"], ensemble.attrs["sample_count"]
    sizes = (
        " Published sizes carry no sign: they are what the maps reach at the edges, for "
        "101 × 85 × 13 cells and a short-range kernel that is not printed."
    )
    quantum = (
        "Quantum: thermal part under quantum statistics of the bath, in the averaged closure; the "
        "simulation is classical and compared with the classical columns."
    )
    return [
        "Edge accumulation: mean of sign(x) sign(y) X over the two outermost layers of both faces "
        f"and the flank columns.{sizes if published else ''}",
        f"Theory: the steady state without noise, of the equation of motion (its substep's bias is "
        f"in tables/timestep). Closure: {theory.attrs['closure']}. Local formula: Eq. S53–S55 with "
        "the harmonic fluctuations.",
        *(
            f"Warning: theory{words}: {theory.attrs[name]}."
            for name, words in (("turns", ""), ("turns_quantum", ", quantum"))
            if name in theory.attrs
        ),
        *([quantum] if "edge_delta_polarization_quantum" in theory else []),
        f"Simulation: less {REMOVED}; one standard error over {count} {kind}. The whole maps are "
        "compared in tables/projection.",
    ]
