"""Checks and times the engine on a GPU in one run; prints and writes one table.

On a device it is made to take at most eight minutes: what is left when seven are over is left out,
and said to be. The table holds the checks against the CPU, then what a member-substep takes in
single precision, beside what memory and arithmetic of the device would allow and beside the cores
of the same machine. --quick on a tiny lattice also runs under emulation (NUMBA_ENABLE_CUDASIM=1),
whose times mean nothing.
"""

import argparse
import datetime
import os
import platform
import time
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import gpu_checks
import gpu_floors
import numpy as np
from numba import cuda
from timings import ROOT, Case, time_engine, time_processes

from ferronhall.engine.block_plan import folded_blocks
from ferronhall.engine.gpu import blocks
from ferronhall.engine.gpu.device import EMULATED, device_name, per_thread, require_device
from ferronhall.engine.gpu.propagator import DevicePropagator
from ferronhall.engine.gpu.tile import Tile
from ferronhall.engine.gpu.transforms import Transform
from ferronhall.model.members import FIELD_SIGNS, members_of
from ferronhall.results.tables.table import Table, markdown, write_table

LIMIT_S = 420.0
"""Of eight minutes, what may be over when something is begun."""

COLUMNS = ["lattice", "what", "value", "unit"]


@dataclass(frozen=True)
class Extent:
    """How much is checked and timed.

    lattices : list of (file of config/, shape or None for the file's own)
    checked : the same, of the checks
    blocks : int
        Of normals compared.
    compared : tuple of (precision, substeps)
    batches : tuple of int
        Replicas timed together, up to the most that the device holds.
    seconds : float
        How long a timing takes at least.
    cores : int
    """

    lattices: list
    checked: tuple
    blocks: int
    compared: tuple
    batches: tuple
    seconds: float
    cores: int


def whole():
    """On a device."""
    paper, demo = ("paper.yaml", None), ("config.yaml", None)
    batches = tuple(2**n for n in range(13))
    compared = ("float64", 2), ("float32", 2), ("float64", 100)
    return Extent([paper, demo], demo, 64, compared, batches, 2.0, os.cpu_count() or 1)


TINY = ("config.yaml", (5, 5, 1))
QUICK = Extent([TINY], TINY, 1, (("float64", 2),), (1,), 0.0, 1)


class Report:
    """The one table, written anew with every row, and the time that is left."""

    def __init__(self, folder):
        self.files = (folder / "gpu.csv", folder / "gpu.md")
        self.begun, self.failed = time.monotonic(), []
        self.table = Table("The engine on a GPU", COLUMNS, [], machine())
        for line in self.table.notes:
            print(line, flush=True)

    def add(self, lattice, what, value, unit=""):
        """A row."""
        self.table.rows.append([lattice, what, value, unit])
        write_table(self.table, *self.files)
        print(
            f"{time.monotonic() - self.begun:5.0f} s  {lattice}  {what}: {value} {unit}", flush=True
        )

    def check(self, lattice, what, value, bound):
        """A row of a deviation that is not to exceed its bound."""
        good = value <= bound
        if not good:
            self.failed.append(what)
        self.add(lattice, what, float(value), f"at most {bound:g}: {'met' if good else 'NOT MET'}")

    def time_for(self, lattice, what):
        """Whether there is time for something, else a row that says it was left out."""
        enough = time.monotonic() - self.begun < LIMIT_S
        if not enough:
            self.add(lattice, what, "left out", "no time was left")
        return enough


def machine():
    """What the table was made on."""
    try:
        numba_cuda = f"numba-cuda {version('numba-cuda')}"
    except PackageNotFoundError:
        numba_cuda = "without numba-cuda"
    lines = [f"{device_name()}, {numba_cuda}, numba {version('numba')}"]
    driver = Path("/proc/driver/nvidia/version")
    if driver.exists():
        lines.append(f"driver: {driver.read_text().splitlines()[0]}")
    if not EMULATED:
        free, total = cuda.current_context().get_memory_info()
        lines.append(f"memory: {total / 1e9:.1f} GB, {free / 1e9:.1f} GB of it free")
    processor = platform.processor() or platform.machine()
    return [*lines, f"CPU: {processor}, {os.cpu_count()} cores", f"date: {datetime.date.today()}"]


def checks(report, extent):
    """Deviations from the CPU's engine."""
    case = Case(*extent.checked)
    report.check(case.label, "normals that differ in a bit", gpu_checks.noise(extent.blocks), 0)
    for dtype, steps in extent.compared:
        found = gpu_checks.force_and_steps(case.model, case.config, dtype, steps)
        for name, value in zip(("force", "state", "sums"), found, strict=True):
            report.check(case.label, f"{name}, {dtype}, {steps} substeps", value, BOUNDS[dtype])
    config = case.config | {"time": case.config["time"] | SHORT}
    worst = gpu_checks.restart(case.model, config, log=lambda line: None)
    report.check(case.label, "block means after a change of engine", worst, 1e-9)


BOUNDS = {"float64": 1e-9, "float32": 1e-4}
"""Of a deviation over the largest value."""

SHORT = {
    "t_equil_ps": 0.01,
    "t_max_ps": 0.03,
    "sample_every_steps": 1,
    "samples_per_block": 2,
}
"""A schedule of twelve substeps; the balances keep their own interval."""


_FOLDED = {}


def folded_once(operator):
    """The blocks of an operator, which every batch of its lattice takes."""
    if id(operator) not in _FOLDED:
        _FOLDED[id(operator)] = folded_blocks(operator)
    return _FOLDED[id(operator)]


def device_propagator(case, batch):
    """Fields and twins of so many replicas, in single precision, at rest; None beyond memory."""
    members = members_of(case.model, twins=True)
    replicas = list(range(batch))
    what = (case.model, members, 1, replicas, np.float32, case.every, len(FIELD_SIGNS))
    try:
        device = DevicePropagator(*what)
    except Exception as error:
        # drivers and allocators have a class each for it
        if "MEMORY" in str(error).upper():
            return None
        raise
    for array in (device.w, device.v):
        flat = array.reshape(array.size)
        gpu_floors.clear[per_thread(flat.size)](flat)
    return device


def time_batches(report, case, extent):
    """Member-substeps of growing batches, up to the largest that the device holds."""
    largest = 0
    for batch in extent.batches:
        if not report.time_for(case.label, f"{batch} replicas"):
            return
        device = device_propagator(case, batch)
        if device is None:
            break
        largest = batch
        substeps = case.every if not EMULATED else 1
        seconds = gpu_floors.least(lambda d=device, n=substeps: d.run(n, case.every), 1)
        repeats = max(1, min(50, round(extent.seconds / seconds)))
        seconds = gpu_floors.least(lambda d=device, n=substeps: d.run(n, case.every), repeats)
        each = seconds / substeps / device.count
        name = f"{batch} replica{'s' if batch > 1 else ''}, {device.count} members"
        report.add(case.label, f"{name}: a member-substep", 1e6 * each, "µs")
        report.add(case.label, f"{name}: a site-substep", 1e9 * each / case.sites, "ns")
        if batch in (1, 16, 256):
            parts(report, case, device, name, extent)
        del device
    report.add(case.label, "largest batch tried that fits", largest, "replicas")


def parts(report, case, device, name, extent):
    """What the parts of a member-substep take."""
    w, force = device.w.reshape(device.w.size), device.linear.reshape(device.w.size)
    f, repeats = device.force, 1 if EMULATED else 10
    work = f.work
    timed = {
        "x": lambda: f.along_x.forward(w, 3, force),
        "z": lambda: f.along_z.forward(force, 3 * f.nx, work),
        "y": lambda: f.product(work, force),
    }
    for axis, call in timed.items():
        seconds = gpu_floors.least(call, repeats) / device.count
        report.add(case.label, f"{name}: one product along {axis}", 1e6 * seconds, "µs")


SHAPES = ((4, 4), (4, 2), (2, 4), (2, 2), (8, 2), (8, 4))
"""Rows and columns of a product that a thread may add up; the first is what the engine takes."""


def shapes(report, case):
    """What the products along x and y take with tiles of other shapes."""
    device = device_propagator(case, 1 if EMULATED else 16)
    w, force = device.w.reshape(device.w.size), device.linear.reshape(device.w.size)
    operator, float32 = case.model.operator, np.float32
    pull = operator.uniform_force(case.model.material.onsite.equilibrium)[0]
    nx, ny, _ = case.model.slab.shape
    for shape in SHAPES[: 1 if EMULATED else None]:
        what = f"{device.count} members, {shape[0]} x {shape[1]} sums a thread"
        if not report.time_for(case.label, what):
            return
        along_x = Transform(nx, float32, Tile.of(nx // 2 + 1, float32, *shape))
        tile = Tile.of(3 * ((ny + 1) // 2), float32, *shape)
        product = blocks.BlockProduct(operator, pull, float32, device.count, tile)
        for axis, call in (
            ("x", lambda t=along_x: t.forward(w, 3, force)),
            ("y", lambda t=product: t(w, force)),
        ):
            seconds = gpu_floors.least(call, 1 if EMULATED else 10) / device.count
            report.add(case.label, f"{what}: one product along {axis}", 1e6 * seconds, "µs")


def floors(report, case, device_rates):
    """What memory and arithmetic of the device allow for a member-substep."""
    device = device_propagator(case, 1)
    bandwidth, arithmetic = device_rates
    moved = gpu_floors.bytes_moved(case.model.slab, 4)
    done = gpu_floors.operations(case.model.slab, device.force.product)
    report.add(case.label, "a member-substep moves", moved / 1e6, "MB")
    report.add(case.label, "at the bandwidth of a copy", 1e6 * moved / bandwidth, "µs")
    report.add(case.label, "a member-substep multiplies and adds", done / 1e6, "million operations")
    report.add(case.label, "at the arithmetic of a chain", 1e6 * done / arithmetic, "µs")


def cpu(report, case, extent):
    """The same on the cores of this machine, three members a process."""
    members = len(FIELD_SIGNS)
    if extent.cores == 1:
        seconds = time_engine(case, members, "float32")
    else:
        seconds = time_processes(case, members, "float32", extent.cores) / extent.cores
    name = f"{extent.cores} core{'s' if extent.cores > 1 else ''} of the CPU: a member-substep"
    report.add(case.label, name, 1e6 * seconds, "µs")


def main():
    """Command line; exit status 1 where a check is not met."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "results" / "benchmarks")
    parser.add_argument("--quick", action="store_true", help="one tiny lattice, also emulated")
    options = parser.parse_args()
    require_device()
    options.folder.mkdir(parents=True, exist_ok=True)
    report, extent = Report(options.folder), QUICK if options.quick else whole()
    blocks.folded_blocks = folded_once
    checks(report, extent)
    numbers, grid = (64, (1, 2, 1)) if EMULATED else (2**28, (4096, 256, 64))
    rates = gpu_floors.bandwidth(numbers, 3), gpu_floors.arithmetic(*grid, 3)
    report.add("", "bandwidth of a copy", rates[0] / 1e12, "TB/s")
    report.add("", "arithmetic of a chain", rates[1] / 1e12, "TFLOP/s, single precision")
    for name, shape in extent.lattices:
        case = Case(name, shape, extent.seconds)
        floors(report, case, rates)
        time_batches(report, case, extent)
        if (name, shape) == extent.lattices[0]:
            shapes(report, case)
        if report.time_for(case.label, "the CPU"):
            cpu(report, case, extent)
    print(markdown(report.table))
    if report.failed:
        raise SystemExit(f"not met: {', '.join(report.failed)}")


if __name__ == "__main__":
    main()
