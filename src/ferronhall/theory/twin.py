"""What the harmonic twin's averages are exactly, at the campaign's own substep (twin.nc).

The twin moves about the uniform state u0 with one on-site stiffness (see members.twin_members);
the faces pull on that state, so it rests at a small offset from it. With domain walls it moves
about the relaxed slab, with a stiffness for each layer, and nothing pulls. What the substep adds to
its averages is known too: the harmonic part of the time-step bias of the slab.
"""

import numpy as np
import xarray as xr

from ferronhall.base import provenance
from ferronhall.model import observables
from ferronhall.model.members import FIELD_SIGNS
from ferronhall.model.observables import AT_ZERO_STEP
from ferronhall.theory.mean_field import StaticResponse
from ferronhall.theory.solver import Solver


def twin_dataset(model, config, threads=1, log=print):
    """The twin's exact averages at the campaign's own substep, and for h → 0 (twin.nc).

    returns : Dataset of TWIN_OBSERVABLES with dims (field, x, y), and the same with AT_ZERO_STEP
    """
    model.require_theory()
    stiffness = model.rest_stiffness
    stiffness[0], stiffness[1:] = model.twin_stiffness, model.twin_transverse
    pull = model.operator.uniform_force(model.pulling)[0]
    offset = StaticResponse(model, stiffness)(np.tile(pull, (model.slab.nx, 1)))
    solver = Solver(model, threads, log)
    variables = {}
    for suffix, h, name in (
        ("", model.h, "harmonic twin"),
        (AT_ZERO_STEP, None, "harmonic twin at h = 0"),
    ):
        maps = _maps(model, solver.fields(stiffness, name, h), offset)
        for key, (values, attrs) in maps.items():
            label = attrs["long_name"] + (" for h → 0" if suffix else "")
            variables[key + suffix] = (("field", "x", "y"), values, attrs | {"long_name": label})
    return xr.Dataset(
        variables,
        coords={
            "field": list(FIELD_SIGNS.values()),
            **model.cells.coordinates,
        },
        attrs={**provenance.attributes(config), "stiffness_eV_per_A2": model.twin_stiffness},
    )


def _maps(model, states, offset):
    """TWIN_OBSERVABLES of Fluctuations about a rest position offset, shape (nx, ny), Å."""
    moments = {
        "speed_squared": np.array([s.velocity.sum(axis=0) for s in states]),
        "displacement": np.array([offset for _ in states]),
        "rotation": np.array([s.rotation for s in states]),
        "displacement_squared": np.array([s.displacement[0] + offset**2 for s in states]),
    }
    return observables.twin_means(moments, model.material)
