"""What the integrator's substep does to every map, without noise (tables/timestep)."""

import numpy as np

from ferronhall.map_algebra import ODD_MAPS, edge_accumulation, field_odd
from ferronhall.observables import DELTA_SCALE
from ferronhall.tables.maps import MAPS
from ferronhall.tables.table import Table


def table(parameters, theory, timestep):
    """Relative bias of every map and of its edge accumulation, at the substep and at twice it."""
    masks = [parameters[key].values for key in ("x", "y", "flank", "edge")]
    steps = timestep["substep"].values
    columns = ["map", "unit", "edge at h → 0"]
    for h in steps:
        columns += [f"edge bias at {h:g} ps", f"relative edge bias at {h:g} ps"]
        columns += [f"relative bias of the map at {h:g} ps"]
    rows = []
    for key, (label, unit) in MAPS.items():
        exact, bias = _map(theory, timestep, key)
        rows.append(_row(label, unit, key, exact, bias, masks))
    notes = [
        "Harmonic steady state of the discrete substep less that of the equation of motion, both "
        "without noise. Relative bias of a map: rms of the bias over rms of the map.",
        "Configurational averages in equilibrium carry no bias; kinetic energies are sampled low.",
    ]
    title = f"Time-step bias of campaign {parameters.attrs['campaign']}"
    return Table(title, columns, rows, notes)


def _map(theory, timestep, key):
    """A map in the limit h → 0, P counted from the relaxed slab, and its biases (substep, x, y)."""
    name = key.removeprefix("delta_").removesuffix("_zero")
    exact, bias = theory[f"{name}_harmonic"].values, timestep[f"{name}_bias"].values
    if key.startswith("delta_"):
        return DELTA_SCALE[name] * field_odd(exact), DELTA_SCALE[name] * field_odd(bias)
    cold = theory["polarization_relaxed"].values if name == "polarization" else 0.0
    return exact[1] - cold, bias[:, 1]


def _row(label, unit, key, exact, biases, masks):
    odd = key in ODD_MAPS
    edge = float(edge_accumulation(exact, *masks)) if odd else None
    row = [label, unit, edge]
    for bias in biases:
        if odd:
            shift = float(edge_accumulation(bias, *masks))
            row += [shift, shift / edge]
        else:
            row += [None, None]
        row.append(float(np.sqrt(np.mean(bias**2) / np.mean(exact**2))))
    return row
