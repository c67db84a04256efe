"""The force of the fluctuations on a domain wall, and the electric field that would push as much.

Fluctuations pull every layer with a force f, −(V‴/2)⟨w_x²⟩ in an axial well (see
theory.mean_field). As a wall moves up by a layer the state at rest changes by its advance, and the
force's virtual work on that is a pressure on the wall,

    p(x) = Σ_y advance(y) f(x, y) / a³

positive towards the upper layers. A field E along the polarization does Z E Σ_y advance(y) there,
so that the field which pushes as much is E(x) = p(x) a³/(Z Σ_y advance(y)).
"""

import numpy as np

from ferronhall.base import units
from ferronhall.model.map_algebra import ROUNDING

_PASCAL = units.ELECTRONVOLT / units.ANGSTROM**3
"""One eV/Å³ in Pa."""


def wall_push(domain_walls, pull, parameters):
    """Pressure on every wall, and the field along x that is as strong.

    domain_walls, parameters : Dataset, of the stages
    pull : DataArray, dims (..., y), eV/Å
        f of theory.nc.
    returns : DataArrays (Pa; kV/cm), dims of pull without y, and wall; NaN for a wall that can rest
        in no layer beside its own
    """
    advance = domain_walls["advance"]
    parts = advance * pull
    work = parts.sum("y", skipna=False)
    # the two sides of a wall in a slab that is even in y cancel but for rounding
    work = work.where(~(np.abs(work) <= ROUNDING * np.abs(parts).sum("y")), 0.0)
    charge = float(parameters["mode_charge"][0, 0])
    pressure = work / float(parameters["lattice_constant"]) ** 3 * _PASCAL
    field = work / (charge * advance.sum("y", skipna=False) * units.KV_PER_CM)
    return pressure, field
