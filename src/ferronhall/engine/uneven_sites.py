"""The sites of an uneven crystal as the compiled substep takes them (see kernels.uneven)."""

import numpy as np

from ferronhall.engine.initial import by_site
from ferronhall.engine.kernels.uneven import Uneven
from ferronhall.engine.layout import storage_order, to_storage


def uneven_sites(model, members, onsite, replica, dtype):
    """The Uneven of a replica: its realisation of the disorder, and the even rows of twins.

    members : list of Member
    onsite : ndarray, shape (members, 6)
        On-site coefficients as integrator.Coefficients would have them.
    """
    slab, cells = model.slab, model.disorder.realisation(model.slab, replica)

    def flat(field):
        return to_storage(field[None].astype(float))[0].ravel()

    inverse, pinned = 1 / np.sqrt(flat(cells.mass)), flat(cells.pinned) > 0
    rows = {
        "stiffness": flat(cells.stiffness),
        "inverse": inverse,
        "push": np.where(pinned, 0.0, inverse),
    }
    onset = model.material.onsite
    offset = onset.well_force(model.rest) + onset.tilt
    away = model.disorder.pinned.value * onset.amplitude - model.rest
    place = by_site(slab, np.tile(away, (slab.nx, 1))) / inverse
    return Uneven(
        onsite=np.array(onsite, dtype),
        row=np.array([0 if m.disordered else 1 for m in members]),
        **{name: np.array([row, np.ones_like(row)], dtype) for name, row in rows.items()},
        offset=offset[storage_order(slab.ny)].astype(dtype),
        held=np.flatnonzero(pinned),
        place=place[pinned].astype(dtype),
        actual=np.zeros((len(members), 3, slab.sites), dtype),
    )
