"""What the GPU engine computes under numba's CUDA emulation, in a process of its own.

    NUMBA_ENABLE_CUDASIM=1 python tests/gpu/emulation.py <folder with config.json>

leaves <folder>/found.npz, and goes on from and leaves the checkpoints that the tests ask for.
"""

import json
import sys
from pathlib import Path

import numpy as np
from numba import cuda

from ferronhall.base.errors import TrajectoryInterruptedError
from ferronhall.engine import balance_means
from ferronhall.engine.gpu.batch import run_batch
from ferronhall.engine.gpu.blocks import BlockProduct
from ferronhall.engine.gpu.force import DeviceForce
from ferronhall.engine.gpu.noise import four_normals
from ferronhall.engine.gpu.propagator import DevicePropagator
from ferronhall.engine.gpu.share import Share
from ferronhall.engine.gpu.tile import Tile
from ferronhall.engine.gpu.transforms import Transform
from ferronhall.engine.keeper import Keeper
from ferronhall.engine.kernels.noise import LANES
from ferronhall.engine.run import Run
from ferronhall.engine.trajectory import Setting
from ferronhall.model.members import field_members
from ferronhall.model.model import Model

SHAPES = [(5, 6, 3), (6, 5, 4), (5, 5, 1)]
SMALL = {"row_threads": 2, "rows_each": 1, "column_threads": 2, "columns_each": 2}
"""Tiles of which a product takes several, with threads that wait for one another."""

DRAWN = [(0, 0, 0), (5, 2, 1), (2**32 + 3, 1, 7)]
"""Substep, component and block of the normals compared."""


def model_of(config, shape):
    """The configuration's model at another lattice."""
    lattice = config["lattice"] | dict(zip(("nx", "ny", "nz"), shape, strict=True))
    return Model.from_config(config | {"lattice": lattice})


def with_twins(config):
    """The configuration with harmonic twins."""
    return config | {"ensemble": config["ensemble"] | {"harmonic_twin": True}}


def displacements(shape, members=2):
    """Random displacements (Å) in storage order."""
    sites = shape[0] * shape[1] * shape[2]
    return np.random.default_rng(11).normal(0, 0.01, (members, 3, sites))


def force_of(force, w):
    """What a DeviceForce makes of displacements (members, 3, sites)."""
    members = len(w)
    source = cuda.to_device(np.ascontiguousarray(np.moveaxis(w, 0, -1)).reshape(-1))
    out = cuda.device_array(source.size, w.dtype)
    force(source, out)
    return np.moveaxis(out.copy_to_host().reshape(3, -1, members), -1, 0)


def forces(config):
    """On every lattice in both precisions; on the first by small tiles as well."""
    for shape in SHAPES:
        model, w = model_of(config, shape), displacements(shape)
        reference = model.material.onsite.equilibrium
        for dtype in ("float64", "float32"):
            force = DeviceForce(model.operator, reference, dtype, len(w))
            yield f"force {shape} {dtype}", force_of(force, w.astype(dtype))
        if shape == SHAPES[0]:
            force = DeviceForce(model.operator, reference, "float64", len(w))
            pull = model.operator.uniform_force(reference)[0]
            tile = Tile(3 * 3, 2, **SMALL)
            force.product = BlockProduct(model.operator, pull, "float64", len(w), tile)
            force.along_x = Transform(shape[0], "float64", Tile(3, 2, **SMALL))
            yield "force by small tiles", force_of(force, w)
            model = model_of(between_electrodes(config), shape)
            force = DeviceForce(model.operator, reference, "float64", len(w))
            yield "force between electrodes", force_of(force, w)


def between_electrodes(config):
    """The configuration with electrodes, and open circuit along z."""
    dipole = config["dipole"] | {"boundary": {"x": "short_circuit", "z": "open_circuit"}}
    electrodes = {"distance_A": 1.0, "screening_length_A": 0.5}
    lattice = config["lattice"] | {"padding_y": "isolated"}
    return config | {"dipole": dipole, "electrodes": electrodes, "lattice": lattice}


def normals():
    """Bit for bit."""
    for step, component, block in DRAWN:
        key = (11, 22, 3, step & 0xFFFFFFFF, step >> 32, component, block)
        found = np.array([four_normals(*key, lane) for lane in range(LANES)])
        yield f"normals {(step, component, block)}", found.T.reshape(-1)


def with_wall(config):
    """The configuration with a domain wall in the middle of six layers."""
    return config | {"domains": {**config["domains"], "walls_y": [3]}}


def steps_with_a_wall(config):
    """The same in a slab of two domains, where each layer has a well of its own."""
    model = model_of(with_wall(with_twins(config)), (5, 6, 2))
    found = dict(two_steps(config, model))
    return ((f"walls {name}", found[name]) for name in found)


def with_cubic_well(config):
    """The configuration with the cubic well of its material."""
    return config | {"onsite": {**config["onsite"], "form": "cubic"}}


def steps_in_a_cubic_well(config):
    """The same in a potential that couples all components."""
    model = model_of(with_cubic_well(with_twins(config)), (5, 5, 2))
    found = dict(two_steps(config, model))
    return ((f"cubic {name}", found[name]) for name in found)


def two_steps(config, model=None):
    """Two replicas, sampled once on the way: state, sums and sums of the balances."""
    config = with_twins(config)
    model = model or model_of(config, (5, 5, 2))
    setting, replicas = Setting.of(model, config), [4, 2]
    what = (model, setting.members, setting.root_seed)
    shares = [
        Share(*what, r, setting.dtype, balance_means.build_plan(model.operator, setting.dtype, 2))
        for r in replicas
    ]
    states = [Run(share, setting.plan, "replica").state for share in shares]
    device = DevicePropagator(*what, replicas, setting.dtype, 2, 3)
    device.load(states)
    device.step = 1
    device.run(2, 2)
    device.unload(states)
    for replica, state in zip(replicas, states, strict=True):
        for name in ("w", "v", "sums", "balance_sums"):
            yield f"steps {replica} {name}", getattr(state, name).copy()
    largest = device.largest_displacements
    yield "largest", largest
    states[1].w[0, 1, 7] = np.nan
    device.load(states, ("w",))
    yield "largest with NaN", device.largest_displacements


def hundred_steps(config):
    """One member of one replica, without samples."""
    model = model_of(config, (5, 5, 1))
    what = (model, field_members(model)[-1:], 7)
    share = Share(*what, 0, np.dtype(float), None)
    device = DevicePropagator(*what, [0], float, 0, 1)
    for name in ("w", "v"):
        getattr(device, name).copy_to_device(
            np.ascontiguousarray(np.moveaxis(getattr(share, name), 0, -1))
        )
    device.run(100, 0)
    for name in ("w", "v"):
        yield f"hundred steps {name}", np.moveaxis(getattr(device, name).copy_to_host(), -1, 0)


def jobs(config, folder):
    """Replicas 0, from its start, and 1, from a checkpoint of the CPU's; then 2, interrupted."""
    model = model_of(config, (5, 5, 1))

    def keepers(settings, *replicas):
        return [Keeper(folder / f"{r:04d}.ckpt", settings, "digest", "code") for r in replicas]

    lines, settings = [], config["checkpoint"]
    found = run_batch(model, config, [0, 1], "digest", lines.append, keepers(settings, 0, 1))
    for replica, trajectories in enumerate(found):
        for field, dataset in trajectories.items():
            for name, values in dataset.data_vars.items():
                yield f"job {replica} {field} {name}", values.values
            yield f"engine {replica} {field}", np.array(dataset.attrs["engine"])
    yield "log", np.array("\n".join(lines))
    short = settings | {"wall_limit_minutes": 1e-9}
    try:
        run_batch(model, config, [2], "digest", lines.append, keepers(short, 2))
    except TrajectoryInterruptedError as error:
        yield "interrupted", np.array(str(error))


def main(folder):
    """Leave everything in found.npz."""
    config = json.loads(Path(folder, "config.json").read_text())
    found = dict(normals())
    for part in (forces, two_steps, steps_with_a_wall, steps_in_a_cubic_well, hundred_steps):
        found |= dict(part(config))
    np.savez(Path(folder, "found.npz"), **found, **dict(jobs(config, Path(folder))))


if __name__ == "__main__":
    main(sys.argv[1])
