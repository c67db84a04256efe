"""Times the engine and its reference in one run; writes a table and a plot.

    python benchmarks/engine.py [folder]        (default: results/benchmarks)

Every ratio is against benchmarks/reference.py on the same lattice, timed in the same run.
"""

import multiprocessing
import platform
import sys
import time
from pathlib import Path

import numba
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from reference import PlainEngine
from threadpoolctl import threadpool_limits

from ferronhall.config import load_config
from ferronhall.kernels import blocks
from ferronhall.kernels.integrator import advance, sample
from ferronhall.kernels.noise import BLOCK, fill_normals
from ferronhall.material import Material, read_material
from ferronhall.parameters import build_model, substep
from ferronhall.tables.table import Table, markdown, write_table
from ferronhall.trajectory import Propagator

# holds for the whole process, and for the ones it starts, which import this file too
threadpool_limits(limits=1)

ROOT = Path(__file__).resolve().parents[1]
SIZES = [(15, 13, 3), (24, 20, 8), (41, 31, 7), (61, 51, 9), (101, 85, 13)]
COLUMNS = ["lattice", "engine", "ms a substep", "ns a site", "ratio to the reference"]
SHARES = ["transforms", "block product", "noise", "rest of the update", "sampling"]


def configuration(name, shape=None):
    """A validated configuration, on another lattice if a shape is given."""
    config = load_config(ROOT / "config" / name)
    if shape:
        config["lattice"].update(zip(("nx", "ny", "nz"), shape, strict=True))
        config["damping"]["sponge_layers"] = min(10, shape[1] // 2)
    return config


def engine(config, dtype):
    """A propagator of the configuration, as a trajectory would make it."""
    model = build_model(config, Material.from_dict(read_material(ROOT / config["material"])))
    omega = config["field"]["omega_B_rad_per_ps"]
    return Propagator(model, substep(config), omega, config["field"]["direction"], 1, 0, dtype)


def seconds(call, at_least=1.5):
    """Median time of a call over at least so many seconds and five calls."""
    call()
    times = []
    while sum(times) < at_least or len(times) < 5:
        begun = time.perf_counter()
        call()
        times.append(time.perf_counter() - begun)
    return float(np.median(times))


def time_engine(config, dtype):
    """Seconds a substep, sampling at the configured interval included."""
    propagator = engine(config, dtype)
    every = config["time"]["sample_every_steps"] * config["time"]["substeps"]
    sums = np.zeros((3, propagator.slab.nx, propagator.slab.ny))
    return seconds(lambda: propagator.run(every, every, sums)) / every


def time_reference(config):
    """Seconds a substep of the plain engine."""
    model = build_model(config, Material.from_dict(read_material(ROOT / config["material"])))
    preset, omega = config["short_range"]["preset"], config["field"]["omega_B_rad_per_ps"]
    return seconds(PlainEngine(model, preset, substep(config), omega, 1).step)


def _worker(config, barrier, results):
    propagator = engine(config, np.float32)
    sums = np.zeros((3, propagator.slab.nx, propagator.slab.ny))
    propagator.run(20, 20, sums)
    barrier.wait()
    begun, done = time.perf_counter(), 0
    while time.perf_counter() - begun < 5:
        propagator.run(20, 20, sums)
        done += 20
    results.put(done / (time.perf_counter() - begun))


def throughput(config, processes):
    """Substeps a second of so many trajectories side by side, each in its own process."""
    context = multiprocessing.get_context("spawn")
    barrier, results = context.Barrier(processes), context.Queue()
    workers = [
        context.Process(target=_worker, args=(config, barrier, results)) for _ in range(processes)
    ]
    for worker in workers:
        worker.start()
    rates = [results.get() for _ in workers]
    for worker in workers:
        worker.join()
    return sum(rates)


def shares(config, dtype):
    """Seconds of each part of a substep, timed one by one."""
    p = engine(config, dtype)
    plan = p.force.plan
    w = p.w.reshape(3, p.slab.nx, -1)
    force = p.linear.reshape(w.shape)
    whole = seconds(lambda: blocks.linear_force(w, plan, force))
    product = seconds(lambda: blocks.multiply_blocks(plan.spectrum, plan.panels, plan.product))
    normals = np.empty(BLOCK, np.float32)
    noise = seconds(lambda: _fill(3 * -(-p.slab.sites // BLOCK), normals))
    bath = (p.decay, p.amplitude, *p.key)
    update = seconds(lambda: advance(p.w, p.v, p.linear, p.coefficients, *bath, 1))
    sums = np.zeros((3, p.slab.nx, p.slab.ny))
    every = config["time"]["sample_every_steps"] * config["time"]["substeps"]
    sampling = seconds(lambda: sample(p.w, p.v, p.linear, p.coefficients, sums)) / every
    return [whole - product, product, noise, update - noise, sampling]


@numba.njit
def _fill(count, normals):
    for block in range(count):
        fill_normals(1, 2, 0, 0, 0, block, normals)


def engine_rows():
    """Rows of the main table: reference and engine, two lattices, both precisions."""
    rows = []
    for name in ("paper.yaml", "config.yaml"):
        config = configuration(name)
        lattice = " x ".join(str(config["lattice"][k]) for k in ("nx", "ny", "nz"))
        sites = np.prod([config["lattice"][k] for k in ("nx", "ny", "nz")])
        reference = time_reference(config)
        timings = {"reference, float64": reference}
        for dtype in (np.float64, np.float32):
            timings[f"engine, {np.dtype(dtype).name}"] = time_engine(config, dtype)
        for label, t in timings.items():
            rows.append([lattice, label, 1e3 * t, 1e9 * t / sites, reference / t])
        print(f"{lattice}: {timings}", flush=True)
    return rows


def plot_cost(path):
    """Cost a site against the number of sites."""
    figure = Figure(figsize=(3.4, 2.6), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    sites = [int(np.prod(shape)) for shape in SIZES]
    for dtype, marker in ((np.float64, "s"), (np.float32, "o")):
        costs = [time_engine(configuration("paper.yaml", s), dtype) for s in SIZES]
        cost = [1e9 * t / n for t, n in zip(costs, sites, strict=True)]
        axes.loglog(sites, cost, marker=marker, ms=4, label=f"engine, {np.dtype(dtype).name}")
    reference = [time_reference(configuration("paper.yaml", s)) for s in SIZES]
    cost = [1e9 * t / n for t, n in zip(reference, sites, strict=True)]
    axes.loglog(sites, cost, marker="^", ms=4, label="reference, float64")
    axes.set_xlabel("sites")
    axes.set_ylabel("ns a site and substep")
    axes.legend(fontsize=7)
    figure.savefig(path, dpi=200)


def main():
    """Time everything and write engine.csv, .md, shares.csv, .md and cost.png."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "results" / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    paper = configuration("paper.yaml")
    rates = [throughput(paper, n) for n in (1, 2)]
    notes = [
        f"{platform.processor() or platform.machine()}, one thread a process.",
        f"Two trajectories on two cores: {rates[1] / rates[0]:.2f} times the throughput of one "
        "(paper's lattice, float32).",
    ]
    table = Table("Cost of a substep", COLUMNS, engine_rows(), notes)
    write_table(table, folder / "engine.csv", folder / "engine.md")
    rows = []
    for name in ("paper.yaml", "config.yaml"):
        parts = shares(configuration(name), np.float32)
        rows.append([name, *[100 * part / sum(parts) for part in parts]])
    parts_table = Table("Share of time (%), float32", ["configuration", *SHARES], rows)
    write_table(parts_table, folder / "shares.csv", folder / "shares.md")
    plot_cost(folder / "cost.png")
    print(markdown(table), markdown(parts_table), sep="\n")


if __name__ == "__main__":
    main()
