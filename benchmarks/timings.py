"""Times a substep of the engine and of its reference, whole and in parts.

Every figure is processor time, the least of several repeats: what else a machine does can only make
them longer, by what it leaves in the caches.
"""

import multiprocessing
import time
from pathlib import Path

import numba
import numpy as np
from reference import PlainEngine
from threadpoolctl import threadpool_limits

from ferronhall.campaign.config import load_config
from ferronhall.engine import propagator as engine_module
from ferronhall.engine.kernels.blocks import linear_force, multiply_block
from ferronhall.engine.kernels.integrator import advance, sample
from ferronhall.engine.kernels.noise import BLOCK, fill_normals
from ferronhall.engine.propagator import Propagator
from ferronhall.engine.run import Run
from ferronhall.model.members import field_members
from ferronhall.model.model import Model
from ferronhall.model.schedule import schedule

# holds for the whole process, and for the ones it starts, which import this file too
threadpool_limits(limits=1)

ROOT = Path(__file__).resolve().parents[1]
PARTS = ["transforms", "block product", "noise", "on-site update", "sampling", "Python"]

_ANSWER_S = 600
"""What a process beside others may take to start, compile and time, before it counts as lost."""


class Case:
    """One lattice: its configuration and model, built once for all timings.

    name : file of config/
    shape : (nx, ny, nz), or None for the file's own
    seconds : float
        How long a timing takes at least.
    """

    def __init__(self, name, shape=None, seconds=2.0):
        self.seconds = seconds
        self.config = config = load_config(ROOT / "config" / name)
        if shape:
            config["lattice"].update(zip(("nx", "ny", "nz"), shape, strict=True))
            config["damping"]["sponge_layers"] = min(10, shape[1] // 2)
        config["material"] = str(ROOT / config["material"])
        self.model = Model.from_config(config)
        self.sites = self.model.slab.sites
        self.label = " x ".join(map(str, self.model.slab.shape))
        self.every = schedule(config, self.model.omega_max).every

    def propagator(self, members, dtype):
        """The last `members` of a replica's members."""
        chosen = field_members(self.model)[-members:]
        return Propagator(self.model, chosen, 1, 0, np.dtype(dtype))

    def stretch(self, members):
        """Substeps timed at once: whole sampling intervals, some 20 ms."""
        expected = 25e-9 * self.sites * members
        return self.every * max(1, round(0.02 / expected / self.every))


def least(call, seconds):
    """Least time of a call, of five calls or more over so many seconds."""
    call()
    times = []
    while sum(times) < seconds or len(times) < 5:
        begun = time.thread_time()
        call()
        times.append(time.thread_time() - begun)
    return min(times)


def time_reference(case):
    """Seconds a substep of the plain engine in double precision."""
    plain = PlainEngine(case.model, seed=1)
    return least(plain.step, case.seconds)


def time_engine(case, members, dtype):
    """Seconds a substep and trajectory, sampling at the configured interval included."""
    p, substeps = case.propagator(members, dtype), case.stretch(members)
    sums = p.new_sums()
    elapsed = least(lambda: p.run(substeps, case.every, sums), case.seconds)
    return elapsed / substeps / members


def _worker(case, members, dtype, barrier, results, enough):
    p, substeps = case.propagator(members, dtype), case.stretch(members)
    sums = p.new_sums()
    p.run(case.every, case.every, sums)
    barrier.wait()
    elapsed = least(lambda: p.run(substeps, case.every, sums), case.seconds)
    results.put(elapsed / substeps / members)
    # no process has the shared caches to itself while another still measures
    while not enough.is_set():
        p.run(substeps, case.every, sums)


def time_processes(case, members, dtype, processes):
    """The same in each of several processes side by side: the mean of them."""
    context = multiprocessing.get_context("spawn")
    barrier, results, enough = context.Barrier(processes), context.Queue(), context.Event()
    arguments = (case, members, dtype, barrier, results, enough)
    workers = [
        context.Process(target=_worker, args=arguments, daemon=True) for _ in range(processes)
    ]
    for worker in workers:
        worker.start()
    # a worker that fails never answers, and the others wait for it
    times = [results.get(timeout=_ANSWER_S) for _ in workers]
    enough.set()
    for worker in workers:
        worker.join()
    return float(np.mean(times))


# repeated inside compiled code: on small lattices a call from Python takes as long as the part
_jit = numba.njit(error_model="numpy")


@_jit
def _forces(repeats, w, plan, force):
    for _ in range(repeats):
        linear_force(w, plan, force)


@_jit
def _products(repeats, plan):
    for _ in range(repeats):
        for kx in range(plan.x.n // 2 + 1):
            for kz in range(plan.z.n // 2 + 1):
                multiply_block(plan, kx, kz)


@_jit
def _fills(repeats, count, normals):
    for _ in range(repeats):
        for block in range(count):
            fill_normals(1, 2, 0, 0, 0, block, normals)


@_jit
def _updates(repeats, w, v, force, coefficients, loss, amplitude, key):
    for n in range(repeats):
        advance(w, v, force, coefficients, loss, amplitude, key[0], key[1], key[2], n)


@_jit
def _samples(repeats, w, v, force, onsite, half_kick, sums):
    for _ in range(repeats):
        sample(w, v, force, onsite, half_kick, sums)


def time_parts(case, members, dtype):
    """Seconds a substep of all members by part, in the order of PARTS."""
    p = case.propagator(members, dtype)
    plan, sums = p.force.plan, p.new_sums()
    layered = (members, 3, p.slab.nx, -1)
    repeats = max(1, round(0.005 / (25e-9 * case.sites * members)))

    def timed(function, *arguments):
        return least(lambda: function(repeats, *arguments), case.seconds / 5) / repeats

    force = timed(_forces, p.w.reshape(layered), plan, p.linear.reshape(layered))
    product = timed(_products, plan)
    noise = timed(_fills, 3 * -(-case.sites // BLOCK), np.empty(BLOCK, np.float32))
    state = (p.w, p.v, p.linear)
    p.linear[:] = 0
    update = timed(_updates, *state, p.coefficients, p.loss, p.amplitude, p.key)
    one = [s[0] for s in state]
    onsite, half_kick = p.coefficients.onsite[0], p.coefficients.half_kick
    sampling = timed(_samples, *one, onsite, half_kick, sums[0]) * members / case.every
    compiled = [force - product, product, noise, update - noise, sampling]
    python = python_share(case, members, dtype)
    return [*compiled, sum(compiled) * python / (1 - python)]


def python_share(case, members, dtype):
    """Share of a run's wall time outside the compiled substeps: guards, progress, block means."""
    p = case.propagator(members, dtype)
    p.run(case.every, case.every, p.new_sums())
    per_block = max(1, min(1000, case.stretch(members) // case.every))
    blocks = max(2, round(case.seconds / 0.02 * case.stretch(members) / (per_block * case.every)))
    inside = 0.0
    compiled = engine_module.propagate

    def watched(*arguments):
        nonlocal inside
        begun = time.thread_time()
        samples = compiled(*arguments)
        inside += time.thread_time() - begun
        return samples

    engine_module.propagate = watched
    try:
        begun = time.thread_time()
        run = Run(p, (p.step, case.every, per_block, blocks), "benchmark")
        run.complete(log=lambda line: None, keeper=None)
        elapsed = time.thread_time() - begun
    finally:
        engine_module.propagate = compiled
    return 1 - inside / elapsed
