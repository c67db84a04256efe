"""Where walls were in every block of a run, and how fast they went there (wall_velocity.nc).

A wall is at the place that divides the cells about it: among those from the middle of the domain
before it to the middle of the one behind it, or to a face, the number whose ⟨u_x⟩ has the sign of
the domain before it, per column of cells along its normal. So a wall that advances column by column
is between two layers, and one that bends is at its mean. Its velocity is what it has moved since
the run began, over the time, up to the end or to the first block in which it has nothing left to
move into, of which it cannot tell when in the block that was.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import xarray as xr

from ferronhall.analysis.samples import read_replicas
from ferronhall.base import provenance, units
from ferronhall.model.members import FIELD_SIGNS
from ferronhall.model.schedule import schedule

_ARRIVED = 0.5
"""Cells left to move into, in the mean over a wall's columns, of a wall that has arrived."""

_METRES_PER_SECOND = units.ANGSTROM / units.PICOSECOND
"""One Å/ps."""


@dataclass(frozen=True, eq=False)
class Wall:
    """A wall, or all of those of a map that has no layers.

    axis : "x", "y" or "z" that it is normal to; "" of all walls of a map
    layer : int, the first cell along the axis behind it; 0 of all walls
    cells : ndarray of bool, shape (nx, ny, nz)
        Those it may move in.
    sign : ±1, of P in the domain before it
    columns : int, of cells along its normal
    """

    axis: str
    layer: int
    cells: np.ndarray
    sign: int
    columns: int

    def position(self, signs):
        """Cells per column that belong to the domain before it, from (..., nx, ny, nz) signs."""
        within = self.cells & (signs == self.sign)
        return np.count_nonzero(within, axis=(-3, -2, -1)) / self.columns

    @property
    def room(self):
        """The largest position."""
        return np.count_nonzero(self.cells) / self.columns


def walls_of_model(model):
    """Every Wall of a model, in the order of their layers."""
    slab, signs = model.slab, model.signs
    if model.walls:
        bounds = [0, *model.walls, slab.ny]
        middles = [(a + b) // 2 for a, b in pairwise(bounds)]
        starts, ends = [0, *middles[1:]], [*middles[1:-1], slab.ny]
        places = zip(model.walls, starts, ends, strict=False)
        return [_layered(signs, 1, wall, range(a, b)) for wall, a, b in places]
    axis = "xyz".find(model.domain_map.axis or "-")
    if axis < 0:
        facets = sum(
            np.count_nonzero(np.diff(signs, axis=a, append=np.take(signs, wrapped, axis=a)))
            for a, wrapped in ((0, [0]), (1, [-1]), (2, [0]))
        )
        return [Wall("", 0, np.ones(slab.shape, bool), 1, facets)]
    line = np.moveaxis(signs, axis, -1)[0, 0]
    width, cells = np.flatnonzero(line != line[0])[0], slab.shape[axis]
    return [
        _layered(signs, axis, wall, np.arange(wall - width // 2, wall + (width + 1) // 2) % cells)
        for wall in range(0, cells, width)
    ]


def _layered(signs, axis, layer, around):
    """The Wall before a layer, which may move in the layers around it."""
    cells = np.zeros(signs.shape, bool)
    np.moveaxis(cells, axis, 0)[list(around)] = True
    before = np.moveaxis(signs, axis, 0)[layer - 1].flat[0]
    return Wall("xyz"[axis], layer, cells, int(before), signs.size // signs.shape[axis])


def velocity(position, start, room, times):
    """Mean velocity (cells/ps) from the start to a wall's arrival, or else to the last block.

    position : ndarray, shape (..., block), cells
    start : float, that at time 0
    room : float, the largest position; the smallest is 0
    times : ndarray, shape (block,), ps, the middle of every block
    returns : ndarray, shape (...)
    """
    arrived = (position <= _ARRIVED) | (position >= room - _ARRIVED)
    # a wall that began so close to the next has not come from anywhere
    arrived &= np.abs(position - start) > _ARRIVED
    last = np.where(arrived.any(axis=-1), arrived.argmax(axis=-1), position.shape[-1] - 1)
    moved = np.take_along_axis(position, last[..., None], axis=-1)[..., 0] - start
    return moved / times[last]


def wall_velocity_dataset(model, config, trajectories):
    """Positions and velocities of all walls at −Ω_B, 0 and +Ω_B (wall_velocity.nc).

    config : dict, the ensemble's part of the configuration
    trajectories : dict "minus"/"zero"/"plus" → list of paths, replicas in one order
    returns : Dataset with dims (wall, field, block, replica)
    raises : DataFileError, as of samples.read_replicas
    """
    walls, positions, moved = walls_of_model(model), [], []
    for datasets in read_replicas(trajectories, config["ensemble"]["root_seed"]):
        signs = [_signs(model, dataset) for dataset in datasets]
        positions.append([[wall.position(each) for each in signs] for wall in walls])
        moved.append([not model.stands_in(dataset) for dataset in datasets])
    positions = np.moveaxis(np.array(positions), 0, -1)
    times = block_times(model, config, positions.shape[2])
    start = np.array([wall.position(model.signs) for wall in walls])
    found = np.array(
        [
            velocity(np.moveaxis(each, 1, -1), began, wall.room, times)
            for wall, began, each in zip(walls, start, positions, strict=True)
        ]
    )
    odd = (found[:, 2] - found[:, 0]) / 2
    speed = model.material.lattice_constant * _METRES_PER_SECOND
    where = positions - start[:, None, None, None]
    label = "velocity along the wall's normal; of all walls of a map, by which +P domains grow"
    variables = {
        "displacement": (
            ("wall", "field", "block", "replica"),
            where,
            "1",
            "cells that a wall has moved along its normal since the run began",
        ),
        **_with_error("velocity", ("wall", "field"), found, "1/ps", label),
        **_with_error("velocity_odd", ("wall",), odd, "1/ps", f"field-odd {label}"),
        **_with_error("speed", ("wall", "field"), found * speed, "m/s", label),
        "moved": (
            ("field", "replica"),
            np.array(moved, np.int8).T,
            "1",
            "whether a wall of the replica is, in any block, not where it was",
        ),
    }
    signs = list(FIELD_SIGNS.values())
    return xr.Dataset(
        {
            name: (dims, values, {"units": unit, "long_name": text})
            for name, (dims, values, unit, text) in variables.items()
        },
        coords={
            "normal": ("wall", [wall.axis or "all" for wall in walls]),
            "layer": ("wall", [wall.layer for wall in walls], {"units": "1"}),
            "sign": ("wall", [wall.sign for wall in walls], {"units": "1"}),
            "field": signs,
            "omega_B": ("field", [model.field.at(s).omega_B for s in signs], {"units": "rad/ps"}),
            "time": ("block", times, {"units": "ps", "long_name": "middle of the block"}),
        },
        attrs=provenance.attributes(config),
    )


def block_times(model, config, blocks):
    """Middle of every block since the run began (ps), shape (block,)."""
    plan = schedule(config, model.omega_max)
    length = plan.per_block * plan.every * model.h
    return plan.equilibration * model.h + length * (np.arange(blocks) + 0.5)


def _signs(model, dataset):
    """Signs of P along x in every block, (block, nx, ny, nz), or of columns along z (…, 1)."""
    if "domain" in dataset:
        return dataset["domain"].values
    columns = np.where(dataset["polarization"].values < 0, -1, 1)
    return np.broadcast_to(columns[..., None], (*columns.shape, model.slab.nz))


def _with_error(name, dims, values, unit, label):
    """Mean over the last axis, the replicas, and its standard error; NaN of a single one."""
    count = values.shape[-1]
    error = values.std(axis=-1, ddof=1) / np.sqrt(count) if count > 1 else np.nan * values[..., 0]
    return {
        name: (dims, values.mean(axis=-1), unit, label),
        f"{name}_stderr": (dims, error, unit, f"standard error over the replicas: {label}"),
    }
