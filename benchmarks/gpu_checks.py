"""Whether the engine on this device computes what the CPU's does, as deviations."""

import tempfile
from pathlib import Path

import numpy as np
from numba import cuda

from ferronhall.base.errors import TrajectoryInterruptedError
from ferronhall.engine import balance_means
from ferronhall.engine.gpu.batch import run_batch
from ferronhall.engine.gpu.integrator import noise_step
from ferronhall.engine.gpu.noise import four_normals
from ferronhall.engine.gpu.propagator import DevicePropagator
from ferronhall.engine.gpu.share import Share
from ferronhall.engine.keeper import Keeper
from ferronhall.engine.kernels.noise import BLOCK, LANES, fill_normals
from ferronhall.engine.propagator import Propagator
from ferronhall.engine.run import Run
from ferronhall.engine.trajectory import Setting, run_replica
from ferronhall.model.members import FIELD_SIGNS

_SEED, _REPLICAS = 7, (4, 2)
_STEPS = (0, 5, 2**32 + 3)


@cuda.jit
def draw(key, replica, step, component, blocks, out):
    """The normals of some blocks, one lane of one block a thread."""
    thread = cuda.grid(1)
    block, lane = thread // LANES, thread % LANES
    if block < blocks:
        n = four_normals(key[0], key[1], replica, step[0], step[1], component, block, lane)
        for i in range(4):
            out[block * BLOCK + i * LANES + lane] = n[i]


def noise(blocks):
    """How many of the normals differ in any bit."""
    different = 0
    expected = np.empty((blocks, BLOCK), np.float32)
    out = cuda.device_array(expected.size, np.float32)
    for n in _STEPS:
        low, high = noise_step(n)
        for component in range(3):
            draw[blocks, LANES]((11, 22), 3, (low, high), component, blocks, out)
            for block in range(blocks):
                fill_normals(11, 22, 3, (high << 32) + low, component, block, expected[block])
            different += np.count_nonzero(out.copy_to_host() != expected.reshape(-1))
    return different


def _relative(found, expected, axes=None):
    scale = np.abs(expected).max(axis=axes, keepdims=True)
    return float((np.abs(found - expected) / np.where(scale > 0, scale, 1)).max())


def force_and_steps(model, config, dtype, steps):
    """Largest deviations over the largest value: of the force, the state and the sums.

    Two replicas with twins advance, and everything is sampled at every substep.
    """
    setting, dtype = Setting.of(model, config), np.dtype(dtype)
    members = setting.members

    def plan():
        return balance_means.build_plan(model.operator, dtype, 1)

    shares = [Share(model, members, _SEED, r, dtype, plan()) for r in _REPLICAS]
    states = [Run(share, setting.plan, "replica").state for share in shares]
    device = DevicePropagator(model, members, _SEED, _REPLICAS, dtype, 1, len(FIELD_SIGNS))
    propagators = [Propagator(model, members, _SEED, r, dtype, plan()) for r in _REPLICAS]
    sums = [p.new_sums() for p in propagators]
    device.load(states)
    device.run(steps, 1)
    device.unload(states)
    state, moments = [], []
    for p, own, found in zip(propagators, sums, states, strict=True):
        p.run(steps, 1, own)
        state += [_relative(found.w, p.w), _relative(found.v, p.v)]
        moments += [
            _relative(found.sums, own, (0, 2, 3)),
            _relative(found.balance_sums, p.balances.sums, (0, 2, 3)),
        ]
    linear = np.moveaxis(device.linear.copy_to_host(), -1, 0)
    expected = np.concatenate([p.linear for p in propagators])
    return _relative(linear, expected), max(state), max(moments)


def restart(model, config, log):
    """Largest deviation of block means where one engine ends what the other has begun."""
    alone = {"precision": "float64", "harmonic_twin": False}
    config = config | {"ensemble": config["ensemble"] | alone}
    settings = config["checkpoint"]
    short = settings | {"wall_limit_minutes": 1e-9}
    engines = {
        "cpu": lambda r, keeper: run_replica(model, config, r, "digest", log, keeper),
        "gpu": lambda r, keeper: run_batch(model, config, [r], "digest", log, keeper and [keeper])[
            0
        ],
    }
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for replica, (first, second) in enumerate((("cpu", "gpu"), ("gpu", "cpu"))):
            path = Path(folder, f"{replica:04d}.ckpt")
            try:
                engines[first](replica, Keeper(path, short, "digest"))
            except TrajectoryInterruptedError:
                pass
            found = engines[second](replica, Keeper(path, settings, "digest"))
            whole = engines["cpu"](replica, None)
            for field in FIELD_SIGNS:
                # balance moments are stored in single precision
                names = [n for n in whole[field].data_vars if not n.startswith("moment_")]
                deviations = [
                    _relative(found[field][n].values, whole[field][n].values) for n in names
                ]
                worst = max(worst, *deviations)
    return worst
