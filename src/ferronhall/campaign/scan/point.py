"""The transverse responses of one configuration, from the noise-free theory alone."""

from functools import cache

import numpy as np
import xarray as xr

from ferronhall.base import provenance
from ferronhall.base.errors import TheoryError, UnstableKernelError
from ferronhall.model import bulk_stability, stability
from ferronhall.model.model import Model
from ferronhall.model.response_maps import RESPONSE_MAPS
from ferronhall.model.statistics import QUANTUM, STATISTICS
from ferronhall.theory.heat_flow.self_consistent import in_balance
from ferronhall.theory.solver import Solver, observable_maps
from ferronhall.theory.turning import softest_turn

TRANSVERSE = {key: response for key, response in RESPONSE_MAPS.items() if response.odd}
"""The transverse responses: maps odd in x and in y in a field along z."""

APPROXIMATIONS = ("harmonic", "closure", "harmonic_quantum", "closure_quantum")
RESPONSES = {
    "edge": "edge accumulation",
    "extreme": "sign(x) sign(y) X where it is largest",
    "extreme_x": "distance of that cell from the hot band's centre (cells)",
    "extreme_depth": "layers between that cell and the face",
}
"""What is taken from each map."""


def point_dataset(name, config, threads=1, log=print):
    """Responses of one configuration (scan/<point>.nc).

    name : str
        The point's name, see axes.Axis.point.
    config : dict, the theory's part of the configuration
    returns : Dataset of RESPONSES, dims (map, approximation), and, dims (approximation,), the
        reason why there are none and why a closure's state is left (see theory.turning), empty
        where there is no such reason
    """
    model = Model.from_config(config)

    @cache
    def solver():
        return Solver(in_balance(model, config, threads, log), threads, log)

    values = np.full((len(RESPONSES), len(TRANSVERSE), len(APPROXIMATIONS)), np.nan)
    failures, turns = ([""] * len(APPROXIMATIONS) for _ in range(2))
    for solve, approximations in (
        (lambda: solver().harmonic(STATISTICS), ("harmonic", "harmonic_quantum")),
        (lambda: [solver().closure()], ("closure",)),
        (lambda: [solver().closure(QUANTUM)], ("closure_quantum",)),
    ):
        places = [APPROXIMATIONS.index(name) for name in approximations]
        try:
            # the equation of motion has no substep that could be too long
            stability.preflight_at_rest(model, h=0.0)
            bulk_stability.preflight_bulk(model.operator, model.material)
            solutions = solve()
        except (TheoryError, UnstableKernelError) as error:
            for n in places:
                failures[n] = str(error)
            log(f"{approximations[0]}: no result, {error}")
        else:
            for n, solution in zip(places, solutions, strict=True):
                maps = observable_maps(model, solution.states, solution.means)
                values[:, :, n] = _responses(maps, model.cells)
                if model.material.onsite.coupled and APPROXIMATIONS[n].startswith("closure"):
                    turns[n] = softest_turn(model, solution).message
    dims = ("map", "approximation")
    variables = {
        key: (dims, values[i], {"long_name": label})
        for i, (key, label) in enumerate(RESPONSES.items())
    }
    variables["failure"] = ("approximation", failures, {"long_name": "why there is no result"})
    variables["turns"] = ("approximation", turns, {"long_name": "why P does not stay along x"})
    return xr.Dataset(
        variables,
        coords={
            "map": list(TRANSVERSE),
            "approximation": list(APPROXIMATIONS),
            "unit": ("map", [response.unit for response in TRANSVERSE.values()]),
        },
        attrs={"point": name, **provenance.attributes(config)},
    )


def _responses(maps, cells):
    """RESPONSES of the three maps, shape (4, 3)."""
    x, y = cells.x, cells.y
    columns = []
    for response in TRANSVERSE.values():
        values = response.take(maps[response.observable])
        oriented = values * np.outer(np.sign(x), np.sign(y))
        i, j = np.unravel_index(np.abs(oriented).argmax(), oriented.shape)
        edge = cells.edge_accumulation(values)
        columns.append((edge, oriented[i, j], abs(x[i]), y.max() - abs(y[j])))
    return np.array(columns).T
