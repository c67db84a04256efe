"""How the Hall responses fall as a crystal grows uneven."""

import numpy as np

from ferronhall.model.response_maps import HALL_RESPONSES, RESPONSE_MAPS
from ferronhall.results.tables.table import Table

COLUMNS = [
    "map",
    "unit",
    "part of the concentrations",
    "average crystal, harmonic",
    "realisations, harmonic",
    "standard error",
    "over the even crystal",
    "its standard error",
    "average crystal, closure",
    "simulation",
    "standard error of the simulation",
]


def table(disorder, theory, ensemble):
    """Edge accumulations of the average crystal, of realisations and of the simulation."""
    rows = []
    for name in HALL_RESPONSES:
        at = disorder.sel(map=name)
        for strength in disorder["strength"].values:
            here = at.sel(strength=strength)
            average, mean, error = (
                float(here[key]) for key in ("edge_average", "edge_mean", "edge_mean_stderr")
            )
            row = [RESPONSE_MAPS[name].title, RESPONSE_MAPS[name].unit, float(strength)]
            row += [average, mean, error, *over(float(at["edge_average"][0]), mean, error)]
            simulated = [None] * 3
            if strength == 1:
                names = (theory[f"edge_{name}"], ensemble[f"edge_{name}"])
                simulated = [float(n) for n in (*names, ensemble[f"edge_{name}_stderr"])]
            rows.append(row + simulated)
    return Table(
        f"An uneven crystal: campaign {disorder.attrs['campaign']}",
        COLUMNS,
        rows,
        _notes(disorder, ensemble),
        errors={COLUMNS[n]: COLUMNS[n + 1] for n in (4, 6, 9)},
    )


def over(even, value, error):
    """A value and its error over the even crystal's; None where that is zero."""
    return [value / even, error / abs(even)] if even else [None, None]


def _notes(disorder, ensemble):
    refused = disorder.attrs["refused"]
    count = disorder.sizes["replica"]
    spread = 100 * np.sqrt(float(disorder["mass_variance"][-1]))
    realisations = (
        f"No realisations without noise: {refused}."
        if refused
        else f"Realisations: {count} crystals, those of the replicas, each solved without noise to "
        "first order in the temperature; the error is that over crystals."
    )
    return [
        "Even crystal: no cell is changed. Average crystal: every cell has the mean stiffness and "
        "the mean mass; pinned cells are no part of it. It is no theory of the uneven crystal but "
        "what that is set against.",
        realisations,
        f"Simulation: {ensemble.attrs['replicas']} replicas, each a crystal of its own, with their "
        "scatter as its error, and with what is anharmonic, as the closure beside it. "
        f"Standard deviation of a cell's mass: {spread:.3g} % of its mean.",
    ]
