"""How the Hall responses fall as a crystal grows uneven (disorder.nc).

Every realisation of the campaign's disorder is solved without noise where it has a dense solution
(see columns), at rising parts of its concentrations; their scatter is that over crystals. Beside
them stands the average crystal, of the mean stiffness and mass, which alone is known otherwise.
"""

import copy
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import xarray as xr

from ferronhall.base import provenance
from ferronhall.model.model import Model
from ferronhall.model.response_maps import HALL_RESPONSES, RESPONSE_MAPS
from ferronhall.theory import columns
from ferronhall.theory.solver import Solver, observable_maps

STRENGTHS = (0.0, 0.25, 0.5, 1.0)
"""Parts of the configured concentrations."""


def disorder_dataset(model, config, threads=1, log=print):
    """Edge accumulations of realisations and of the average crystal, harmonic (disorder.nc).

    model : Model, with the bath that the campaign has
    config : dict, its part of the configuration, with ensemble.replicas
    returns : Dataset of `edge`, dims (map, strength, replica), its mean and standard error over the
        replicas, and `edge_average`, dims (map, strength); the attribute `refused` says why there
        are no realisations, empty where there are
    """
    replicas = config["ensemble"]["replicas"]
    # isotopes have no concentration that could be part of another
    strengths = (0.0, 1.0) if config["disorder"]["isotopes"] else STRENGTHS
    models = [
        replace(Model.from_config(_weakened(config, strength)), temperature=model.temperature)
        for strength in strengths
    ]
    refused = columns.refusal(models[-1])
    if refused:
        log(f"no dense solution: {refused}")
    average = np.array([_average(model) for model in models]).T
    edge = np.full((len(HALL_RESPONSES), len(strengths), replicas), np.nan)
    jobs = [
        (n, replica)
        for n, model in enumerate(models)
        for replica in range(replicas)
        if model.disorder and not refused
    ]
    with ThreadPoolExecutor(threads) as pool:
        solved = pool.map(lambda job: _edges(models[job[0]], job[1]), jobs)
        for (n, replica), found in zip(jobs, solved, strict=True):
            edge[:, n, replica] = found
            log(f"strength {strengths[n]:g}, replica {replica:04d}: done")
    for n, model in enumerate(models):
        if not model.disorder:
            # all cells are alike
            edge[:, n] = average[:, n, None]
    error = edge.std(axis=2, ddof=1) / np.sqrt(replicas) if replicas > 1 else np.nan * average
    dims, what = ("map", "strength"), "edge accumulation, harmonic"
    return xr.Dataset(
        {
            "edge": ((*dims, "replica"), edge, {"long_name": f"{what}, of a realisation"}),
            "edge_mean": (dims, edge.mean(axis=2), {"long_name": f"{what}, over realisations"}),
            "edge_mean_stderr": (dims, error, {"long_name": "standard error over realisations"}),
            "edge_average": (dims, average, {"long_name": f"{what}, of the average crystal"}),
            "mass_variance": (
                "strength",
                [m.disorder.mass_variance if m.disorder else 0.0 for m in models],
                {"units": "1", "long_name": "variance of a cell's mass over its mean squared"},
            ),
        },
        coords={
            "map": list(HALL_RESPONSES),
            "unit": ("map", [RESPONSE_MAPS[name].unit for name in HALL_RESPONSES]),
            "strength": ("strength", list(strengths), {"long_name": "part of the concentrations"}),
            "replica": np.arange(replicas),
        },
        attrs=provenance.attributes(config) | {"refused": refused},
    )


def _weakened(config, strength):
    """The configuration with a part of its concentrations, and isotopes if that is all of them."""
    weaker = copy.deepcopy(config)
    section = weaker["disorder"]
    for name in ("stiffness", "mass", "pinned"):
        section[name]["concentration"] *= strength
    if strength < 1:
        section["isotopes"] = []
    return weaker


def _average(model):
    """Edge accumulations of the average crystal, by HALL_RESPONSES."""
    (found,) = Solver(model, log=lambda _: None).harmonic()
    return _accumulated(model, found)


def _edges(model, replica):
    """Those of a replica's own crystal."""
    return _accumulated(model, columns.column_states(model, replica))


def _accumulated(model, found):
    maps, cells = observable_maps(model, found.states, found.means), model.cells
    responses = [RESPONSE_MAPS[name] for name in HALL_RESPONSES]
    return [float(cells.edge_accumulation(r.take(maps[r.observable]))) for r in responses]
