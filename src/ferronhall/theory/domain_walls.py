"""Domain walls at rest: profile, energy, width, the mode that moves them, and what holds them.

The energy of a wall is that of the relaxed slab with the wall less that of the slab's layers in one
domain or the other; the faces, the same with and without it, drop out. What it takes to move it is
that of wall_motion.
"""

from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from ferronhall.base import provenance, units
from ferronhall.model.domains import domain_signs, layer_coupling, relaxed, static_energy
from ferronhall.model.reference import hessian_block
from ferronhall.model.slab_operator import mirror_real
from ferronhall.model.wave_vectors import wave_vectors
from ferronhall.theory.wall_motion import advance, depinning_field, peierls_barrier

_MILLIJOULE_PER_M2 = 1e3 * units.COULOMB_PER_M2
"""One eV/Å² in mJ/m²."""

_NEAR = 2
"""Layers on either side that count as the wall's own."""


@dataclass(frozen=True)
class WallAtRest:
    """One wall alone in the slab.

    profile : ndarray, shape (ny,), Å
        ū(y).
    energy : float, mJ/m²
    barriers : tuple of two floats, mJ/m²
        To the layer below and to that above, see wall_motion.
    width : float, Å
        Over which P would turn round at the rate of the steepest step between two layers.
    sliding : float, rad/ps
        Frequency of the mode at q_x = q_z = 0 along x that has the largest part at the wall.
    weight : float
        That part: of its squared displacement, in the two layers on either side.
    """

    profile: np.ndarray
    energy: float
    barriers: tuple
    width: float
    sliding: float
    weight: float


def domain_walls_dataset(model, config, log=print):
    """Every wall of a model by itself, and all of them together (domain_walls.nc).

    A wall by itself, what moves it and what its energy is counted from are in short circuit: in
    open circuit along x the field of the mean P is one of the whole slab.

    returns : Dataset with dims wall, y
    raises : UnstableKernelError when a wall does not stay where it is
    """
    model.require_theory()
    closed = replace(model, operator=model.operator.short_circuited)
    walls = {wall: wall_at_rest(closed, wall) for wall in model.walls}
    for wall, found in walls.items():
        log(f"wall at {wall}: {found.energy:.4g} mJ/m^2, barriers {found.barriers} mJ/m^2")
    slab, area = model.slab, model.material.lattice_constant**2
    uniform = replace(closed, walls=())
    softest = [1e3 * softest_frequency(m) / (2 * np.pi) for m in (model, uniform)]
    columns = {
        name: np.array([getattr(found, name) for found in walls.values()])
        for name in ("energy", "barriers", "width", "sliding", "weight", "profile")
    }
    advances = np.array([advance(closed, wall) for wall in model.walls])
    depinning = [[depinning_field(closed, wall, step) for step in (-1, 1)] for wall in model.walls]
    total = excess_energy(closed) / area * _MILLIJOULE_PER_M2
    variables = {
        "rest": ("y", model.rest, "angstrom", "mean displacement along x at rest, all walls"),
        "rest_uniform": (
            "y",
            _one_domain(closed, 1),
            "angstrom",
            "the same in one domain along +x",
        ),
        "profile": (("wall", "y"), columns["profile"], "angstrom", "rest with one wall alone"),
        "wall_energy": ("wall", columns["energy"], "mJ/m^2", "energy of a wall alone"),
        "wall_barrier": (
            ("wall", "towards"),
            columns["barriers"],
            "mJ/m^2",
            "Peierls barrier of a wall alone to the next layer, NaN where it cannot rest there",
        ),
        "wall_width": ("wall", columns["width"], "angstrom", "width of a wall alone"),
        "sliding_frequency": (
            "wall",
            1e3 * columns["sliding"] / (2 * np.pi),
            "GHz",
            "frequency of the mode that moves a wall alone",
        ),
        "sliding_weight": (
            "wall",
            columns["weight"],
            "1",
            "part of that mode in the two layers on either side of the wall",
        ),
        "advance": (
            ("wall", "y"),
            advances,
            "angstrom",
            "change of the state at rest as the wall moves up by one layer",
        ),
        "wall_depinning_field": (
            ("wall", "towards"),
            depinning,
            "kV/cm",
            "field along the polarization, added to the static one, from which the wall moves",
        ),
        "total_energy": ((), total, "mJ/m^2", "energy of all walls together"),
        "softest_frequency": ((), softest[0], "GHz", "lowest mode frequency with the walls"),
        "softest_frequency_uniform": ((), softest[1], "GHz", "lowest mode frequency in one domain"),
    }
    return xr.Dataset(
        {
            name: (dims, values, {"units": unit, "long_name": label})
            for name, (dims, values, unit, label) in variables.items()
        },
        coords={
            "y": ("y", slab.y, {"units": "1", "long_name": "cells from the slab's centre"}),
            "towards": ["lower", "upper"],
            "wall": ("wall", np.array(model.walls, int), {"units": "1", "long_name": "layer"}),
            "wall_y": (
                "wall",
                np.array(model.walls) - slab.ny / 2,
                {"units": "1", "long_name": "cells from the slab's centre to the wall"},
            ),
        },
        attrs=provenance.attributes(config),
    )


def wall_at_rest(model, wall):
    """The WallAtRest of a model's slab with that wall alone."""
    alone = replace(model, walls=(wall,))
    lattice_constant = model.material.lattice_constant
    scale = _MILLIJOULE_PER_M2 / lattice_constant**2
    profile = alone.rest
    steepest = np.abs(np.diff(profile)).max()
    width = abs(profile[:wall].max() - profile[wall:].min()) / steepest * lattice_constant
    sliding, weight = _sliding_mode(alone, wall)
    barriers = tuple(scale * peierls_barrier(alone, wall, step) for step in (-1, 1))
    energy = scale * excess_energy(alone)
    return WallAtRest(profile, energy, barriers, width, sliding, weight)


def excess_energy(model):
    """Energy (eV) of a column of cells less that of its layers in one domain or the other."""
    onsite, coupling = model.material.onsite, layer_coupling(model.operator)
    signs = domain_signs(model.walls, model.slab.ny)
    alike = 0.0
    for sign in (1, -1):
        mean = _one_domain(model, sign)
        layers = onsite.well_force.integ()(mean) + mean * (coupling @ mean) / 2
        alike += layers[signs == sign].sum()
    return static_energy(onsite, coupling, model.rest) - alike


def softest_frequency(model):
    """Lowest mode frequency at rest (rad/ps) over all wave vectors of the slab."""
    mirrored, least = model.operator.mirror_symmetric, np.inf
    for ix, iz, _ in wave_vectors(model.slab, mirrored):
        hessian = hessian_block(model.operator, model.rest_stiffness, ix, iz)
        hessian = mirror_real(hessian) if mirrored else hessian
        least = min(least, np.linalg.eigvalsh(hessian)[0])
    return float(np.sqrt(least / model.material.mass[0, 0]))


def _sliding_mode(model, wall):
    hessian = np.diag(model.rest_stiffness[0]) + layer_coupling(model.operator)
    squares, modes = np.linalg.eigh(hessian / model.material.mass[0, 0])
    weights = np.sum(modes[max(wall - _NEAR, 0) : wall + _NEAR] ** 2, axis=0)
    # what moves the wall is even in y about it: both of its layers go the same way
    even = modes[wall - 1] * modes[wall] > 0
    n = int(np.argmax(np.where(even, weights, 0)))
    return float(np.sqrt(squares[n])), float(weights[n])


def _one_domain(model, sign):
    """The relaxed slab in one domain along ±x (Å), shape (ny,)."""
    onsite = model.material.onsite
    start = np.full(model.slab.ny, sign * onsite.equilibrium)
    return relaxed(onsite, layer_coupling(model.operator), start)
