"""What it takes to move a domain wall: its Peierls barrier, its depinning field, its way.

A wall moves by one layer when the layer beside it turns round: along the way the displacement of
that layer is held and all others relax, and the barrier is the highest energy on it. By how much
the state at rest changes on the way from layer to layer is its advance, the displacement in which a
force does virtual work on the wall.
"""

from dataclasses import replace

import numpy as np
from scipy.optimize import brentq

from ferronhall.base import units
from ferronhall.base.errors import UnstableKernelError
from ferronhall.model.domains import domain_signs, holds, layer_coupling, relaxed, static_energy

_PATH_POINTS = 21
"""Points of the way on which the top of the barrier is looked for before it is refined."""

_FIELD_TOLERANCE = 1e-3
"""Relative, of a depinning field."""


def peierls_barrier(model, wall, step):
    """Energy (eV) that a column of cells needs for its only wall to move on by one layer.

    step : −1 or +1
        To the layer below or above; beyond the last one the wall leaves through the face.
    returns : float; NaN where the way there has no top, as in a field that no wall withstands
    """
    onsite, coupling = model.material.onsite, layer_coupling(model.operator)
    ny, start = model.slab.ny, model.rest
    turned = wall if step > 0 else wall - 1
    others = np.delete(np.arange(ny), turned)

    def at(value):
        """The relaxed slab with the turning layer held at a displacement (Å)."""
        mean = np.array(start)
        mean[turned] = value
        among = coupling[np.ix_(others, others)]
        mean[others] = relaxed(onsite, among, start[others], coupling[others, turned] * value)
        return mean

    def slope(value):
        mean = at(value)
        return onsite.well_force(value) + coupling[turned] @ mean

    path = np.linspace(start[turned], -start[turned], _PATH_POINTS)[1:-1]
    energies = [static_energy(onsite, coupling, at(value)) for value in path]
    top = int(np.argmax(energies))
    if top in (0, len(path) - 1):
        return np.nan
    crest = at(brentq(slope, path[top - 1], path[top + 1]))
    return static_energy(onsite, coupling, crest) - static_energy(onsite, coupling, start)


def advance(model, wall):
    """Change of the state at rest (Å) as one of the model's walls moves up by one layer.

    Half the way from the layer below to that above, where the wall can rest at both.

    returns : ndarray, shape (ny,); NaN where the wall can rest at neither
    """
    found = {0: model.rest}
    for step in (-1, 1):
        walls = tuple(w + step if w == wall else w for w in model.walls)
        if len({0, *walls, model.slab.ny}) < len(walls) + 2:
            # a face or another wall stands there
            continue
        try:
            found[step] = replace(model, walls=walls).rest
        except UnstableKernelError:
            continue
    low, high = min(found), max(found)
    if low == high:
        return np.full(model.slab.ny, np.nan)
    return (found[high] - found[low]) / (high - low)


def depinning_field(model, wall, step):
    """Field along x (kV/cm) from which one of the model's walls moves towards a face.

    It comes on top of the model's static field and is the least, in the direction that pushes the
    wall, at which the relaxed slab no longer has all domains; all walls feel it.

    step : −1 or +1, to the layers below or above
    returns : float, with its sign
    """
    onsite, coupling = model.material.onsite, layer_coupling(model.operator)
    below = domain_signs(model.walls, model.slab.ny)[wall - 1]
    # the domain along the field grows
    force = below * step * units.KV_PER_CM * model.material.mode.charge[0, 0]

    def stays(field):
        mean = relaxed(onsite, coupling, model.rest, -force * field)
        return holds(mean, model.walls, onsite.amplitude)

    low, high = 0.0, abs(onsite.spinodal / force)
    while stays(high):
        low, high = high, 2 * high
    while high - low > _FIELD_TOLERANCE * high:
        middle = (low + high) / 2
        low, high = (middle, high) if stays(middle) else (low, middle)
    return float(below * step * high)
