"""What the harmonic twin's averages are exactly, at the campaign's own substep (twin.nc).

The twin moves about the uniform state u0 with the on-site stiffness (k∥, κ⊥, κ⊥); the faces pull on
that state, so it rests at a small offset from it.
"""

import numpy as np
import xarray as xr

from ferronhall.base import provenance
from ferronhall.model import observables
from ferronhall.model.members import FIELD_SIGNS
from ferronhall.theory.mean_field import StaticResponse
from ferronhall.theory.solver import Solver


def twin_dataset(model, config, threads=1, log=print):
    """The twin's exact averages at the campaign's own substep (twin.nc).

    returns : Dataset of TWIN_OBSERVABLES with dims (field, x, y)
    """
    stiffness = np.repeat(model.material.onsite.hessian[:, None], model.slab.ny, axis=1)
    solver = Solver(model, threads, log)
    states = solver.fields(stiffness, "harmonic twin", model.h)
    pull = model.operator.uniform_force(model.material.onsite.amplitude)[0]
    offset = StaticResponse(model, stiffness)(np.tile(pull, (model.slab.nx, 1)))
    moments = {
        "speed_squared": np.array([s.velocity.sum(axis=0) for s in states]),
        "displacement": np.array([offset for _ in states]),
        "rotation": np.array([s.rotation for s in states]),
        "displacement_squared": np.array([s.displacement[0] + offset**2 for s in states]),
    }
    maps = observables.twin_means(moments, model.material)
    return xr.Dataset(
        {name: (("field", "x", "y"), *content) for name, content in maps.items()},
        coords={
            "field": list(FIELD_SIGNS.values()),
            **model.cells.coordinates,
        },
        attrs=provenance.attributes(config),
    )
