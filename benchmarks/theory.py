"""Times theory.nc and timestep.nc against another checkout in one run; prints and writes a table.

    python benchmarks/theory.py --against ../before

Each checkout's library solves config/paper_one_replica.yaml on the same smaller lattice in a
process of its own, in turn; a time is the least of several, on one thread. Core time is that of
both datasets, memory that of the whole process. The maps that both make are compared. `--full`
takes the lattice of the file: about an hour of a core.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import xarray as xr
import yaml

ROOT = Path(__file__).resolve().parents[1]
CONFIG = ROOT / "config" / "paper_one_replica.yaml"
SMALL = (41, 31, 7)
COLUMNS = [
    "checkout",
    "core seconds",
    "peak memory (MB)",
    "core time over this",
    "memory over this",
]


def solve(folder, lattice):
    """Make both datasets with the library on the path; leave them and their cost in a folder."""
    import resource
    import time

    from ferronhall.model.model import Model
    from ferronhall.theory.datasets import theory_dataset, timestep_dataset

    config = yaml.safe_load(CONFIG.read_text())
    config["material"] = str(ROOT / config["material"])
    config["lattice"] |= dict(zip(("nx", "ny", "nz"), lattice, strict=True))
    model = Model.from_config(config)
    highest = model.omega_max
    begun = time.process_time()
    theory = theory_dataset(model, config, log=silent)
    timestep = timestep_dataset(model, theory, config, highest, log=silent)
    seconds = time.process_time() - begun
    theory.to_netcdf(folder / "theory.nc")
    timestep.to_netcdf(folder / "timestep.nc")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    (folder / "cost.json").write_text(json.dumps([seconds, memory]))


def silent(_):
    """A log that keeps nothing."""


def measure(checkout, lattice, folder):
    """Core seconds and peak MB of a checkout's library; its datasets are left in the folder."""
    folder.mkdir(exist_ok=True)
    one = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
    environment = os.environ | one | {"PYTHONPATH": str(Path(checkout) / "src")}
    shape = [str(n) for n in lattice]
    command = [sys.executable, __file__, "--solve", str(folder), "--lattice", *shape]
    subprocess.run(command, env=environment, check=True)
    return json.loads((folder / "cost.json").read_text())


def differences(first, second):
    """Largest difference of the maps that two folders share, over each map's largest value.

    A map of the polarization counts from its least value, a bias from what it is the bias of.
    """
    worst = {}
    for name in ("theory", "timestep"):
        a, b = (xr.load_dataset(folder / f"{name}.nc") for folder in (first, second))
        maps = xr.load_dataset(second / "theory.nc")
        worst[name] = 0.0
        for key in set(a) & set(b):
            if "x" not in b[key].dims:
                continue
            whole = b[key].values
            if key.endswith("_bias"):
                whole = maps[f"{key.removesuffix('_bias')}_harmonic"].values
            size = np.ptp(whole) if np.ptp(whole) else 1.0
            worst[name] = max(worst[name], float(np.abs(a[key] - b[key]).max()) / size)
    return worst


def compare(other, lattice, repeats):
    """Rows of the table, and the differences of the maps."""
    checkouts = {"this": ROOT} | ({"other": Path(other).resolve()} if other else {})
    with tempfile.TemporaryDirectory() as folder:
        folders = {name: Path(folder) / name for name in checkouts}
        costs = {name: [] for name in checkouts}
        for _ in range(repeats):
            for name, checkout in checkouts.items():
                costs[name].append(measure(checkout, lattice, folders[name]))
        least = {name: np.min(found, axis=0) for name, found in costs.items()}
        rows = [[name, *map(float, c), *map(float, c / least["this"])] for name, c in least.items()]
        return rows, differences(*folders.values()) if other else {}


def main():
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "results" / "benchmarks")
    parser.add_argument("--against", help="another checkout, to time beside this one")
    parser.add_argument("--lattice", nargs=3, type=int, default=SMALL, metavar=("NX", "NY", "NZ"))
    parser.add_argument("--full", action="store_true", help="the lattice of the configuration")
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--solve", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.solve:
        solve(options.solve, options.lattice)
        return
    from ferronhall.results.tables.table import Table, markdown, write_table

    lattice = options.lattice
    if options.full:
        lattice = [yaml.safe_load(CONFIG.read_text())["lattice"][f"n{axis}"] for axis in "xyz"]
    rows, worst = compare(options.against, lattice, options.repeats)
    notes = [f"{' x '.join(map(str, lattice))} cells; this checkout with its quantum columns."]
    notes += [
        f"Largest difference of the maps of {name}.nc over their range: {size:.1e}."
        for name, size in worst.items()
    ]
    table = Table("Cost of theory.nc and timestep.nc", COLUMNS, rows, notes)
    options.folder.mkdir(parents=True, exist_ok=True)
    write_table(table, options.folder / "theory.csv", options.folder / "theory.md")
    print(markdown(table))


if __name__ == "__main__":
    main()
