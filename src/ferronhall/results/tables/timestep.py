"""What the integrator's substep does to every map, without noise (tables/timestep)."""

import numpy as np

from ferronhall.analysis.comparison import cold_map
from ferronhall.model.cells import Cells
from ferronhall.model.mirrors import Mirrors
from ferronhall.model.response_maps import RESPONSE_MAPS
from ferronhall.results import average_crystal
from ferronhall.results.tables.table import Table


def table(parameters, theory, timestep):
    """Relative bias of every map and of its edge accumulation, at the substep and at twice it."""
    cells = Cells.of(parameters)
    steps = timestep["substep"].values
    columns = ["map", "unit", "edge at h → 0"]
    for h in steps:
        columns += [f"edge bias at {h:g} ps", f"relative edge bias at {h:g} ps"]
        columns += [f"relative bias of the map at {h:g} ps"]
    rows = []
    for response in RESPONSE_MAPS.values():
        accumulates = response.accumulates(Mirrors.of_dataset(theory))
        rows.append(_row(response, *_map(theory, timestep, response), cells, accumulates))
    notes = [
        "Harmonic steady state of the discrete substep less that of the equation of motion, both "
        "without noise. Relative bias of a map: rms of the bias over rms of the map.",
        "Configurational averages in equilibrium carry no bias; kinetic energies are sampled low.",
        *average_crystal.notes(timestep),
    ]
    title = f"Time-step bias of campaign {parameters.attrs['campaign']}"
    return Table(title, columns, rows, notes)


def _map(theory, timestep, response):
    """A map in the limit h → 0, P counted from the relaxed slab, and its biases (substep, x, y)."""
    name = response.observable
    exact = response.take(theory[f"{name}_harmonic"].values)
    bias = response.take(timestep[f"{name}_bias"].values)
    return exact - cold_map(theory, response.key), bias


def _row(response, exact, biases, cells, accumulates):
    edge = float(cells.edge_accumulation(exact)) if accumulates else None
    size = np.sqrt(np.mean(exact**2))
    row = [response.title, response.unit, edge]
    for bias in biases:
        shift = float(cells.edge_accumulation(bias)) if accumulates else None
        # a map that vanishes has no relative bias
        row += [shift, shift / edge if edge else None]
        row.append(float(np.sqrt(np.mean(bias**2)) / size) if size else None)
    return row
