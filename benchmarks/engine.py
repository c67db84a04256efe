"""Times the engine and its reference in one run; prints and writes three tables and a plot.

Every ratio is against benchmarks/reference.py on the same lattice, timed in the same run; a time is
the least of several. A table is printed and written as soon as it is there, so that it stays if
something stops the rest. Without options it takes some twenty minutes.

    python benchmarks/engine.py --against ../before

times another checkout beside this one instead, with the members of the harmonic twin, in turn.
"""

import argparse
import platform
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from campaign import LATTICE, time_campaigns
from checkouts import time_checkouts
from feram import time_feram
from jax_engine import time_openferro
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from timings import PARTS, ROOT, Case, time_engine, time_parts, time_processes, time_reference

from ferronhall.results.tables.table import Table, markdown, write_table

MEMBERS = 3
COLUMNS = ["lattice", "engine", "ms a substep and trajectory", "ns a site", "ratio to reference"]


@dataclass(frozen=True)
class Extent:
    """How much is timed, and for how long.

    lattices : list of (file of config/, shape or None for the file's own)
    seconds : float
        How long a timing of a substep takes at least.
    replicas, cores : tuples of int
        Of the campaigns, in every combination.
    t_max_ps, repeats : float, int
        Length of their trajectories, and how often each campaign runs.
    """

    lattices: list
    seconds: float
    replicas: tuple
    cores: tuple
    t_max_ps: float
    repeats: int


PAPER, DEMO = ("paper.yaml", None), ("config.yaml", None)
MIDDLE, SMALL = ("paper.yaml", (24, 20, 8)), ("paper.yaml", (15, 13, 3))
WHOLE = Extent([PAPER, DEMO, MIDDLE, SMALL], 3.0, (1, 2, 4, 8), (1, 2), 25.0, 2)
QUICK = Extent([SMALL], 0.1, (1,), (2,), 10.0, 1)


class GrowingTable:
    """A table in two files, <name>.csv and <name>.md, to which rows come bit by bit."""

    def __init__(self, folder, name, title, columns):
        self.files = (folder / f"{name}.csv", folder / f"{name}.md")
        processor = platform.processor() or platform.machine()
        self.whole = Table(title, columns, [], [f"{processor}, one thread a process."])

    def add(self, rows):
        """Print rows under the table's title, and write them with all that came before."""
        self.whole.rows.extend(rows)
        write_table(self.whole, *self.files)
        print(markdown(Table(self.whole.title, self.whole.columns, rows)), flush=True)


def engine_rows(case):
    """Rows of the main table for one lattice."""
    timings = {"reference, float64": time_reference(case)}
    others = {"feram, float64": time_feram, "OpenFerro, float32": time_openferro}
    for label, time_other in others.items():
        if found := time_other(case.model.slab.shape):
            timings[label] = found
    for dtype in ("float64", "float32"):
        timings[f"one member, {dtype}"] = time_engine(case, 1, dtype)
        timings[f"three members, {dtype}"] = time_engine(case, MEMBERS, dtype)
        label = f"three members in each of two processes, {dtype}"
        timings[label] = time_processes(case, MEMBERS, dtype, 2)
    reference = timings["reference, float64"]
    return [
        [case.label, label, 1e3 * t, 1e9 * t / case.sites, reference / t]
        for label, t in timings.items()
    ]


def share_rows(case):
    """Rows of the table of parts for one lattice."""
    rows = []
    for dtype in ("float64", "float32"):
        parts = np.array(time_parts(case, MEMBERS, dtype))
        rows.append([case.label, dtype, *(100 * parts / parts.sum()).tolist()])
    return rows


def time_against(other, extent, folder):
    """Time this checkout and another one on all lattices; leaves against.csv and .md."""
    columns = ["lattice", "precision", "other, ns a site", "this, ns a site", "other over this"]
    table = GrowingTable(folder, "against", "Cost of a substep and member, of two builds", columns)
    for name, shape in extent.lattices:
        for dtype in ("float64", "float32"):
            case = Case(name, shape)
            times = time_checkouts([other, ROOT], name, shape, dtype, 8 * extent.seconds)
            before, now = (1e9 * t / case.sites for t in times)
            table.add([[case.label, dtype, before, now, before / now]])


def plot_cost(rows, campaign_rows, path):
    """Cost a site against the number of sites, and a campaign's wall time against its replicas."""
    figure = Figure(figsize=(7, 2.8), layout="constrained")
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    styles = {
        "reference, float64": "^-",
        "feram, float64": "v-",
        "OpenFerro, float32": "d-",
        "one member, float64": "s--",
        "three members, float64": "s-",
        "one member, float32": "o--",
        "three members, float32": "o-",
    }
    for label, style in styles.items():
        points = sorted(
            (np.prod([int(n) for n in r[0].split(" x ")]), r[3]) for r in rows if r[1] == label
        )
        if points:
            left.loglog(*zip(*points, strict=True), style, ms=4, lw=1, label=label)
    left.set(xlabel="sites", ylabel="ns a site, substep and trajectory")
    left.legend(fontsize=6)
    replicas, cores = (sorted({row[k] for row in campaign_rows}) for k in (0, 1))
    for n in cores:
        times = [seconds for _, c, seconds in campaign_rows if c == n]
        right.plot(replicas, times, "o-", ms=4, lw=1, label=f"{n} core{'s' * (n > 1)}")
    right.set(xlabel="replicas of three trajectories", ylabel="wall time (s)", ylim=(0, None))
    right.set_xticks(replicas)
    right.legend(fontsize=6)
    figure.savefig(path, dpi=200)


def time_all(extent, folder):
    """Time everything and leave engine.csv, .md, parts.csv, .md, campaign.csv, .md and cost.png."""
    engine = GrowingTable(folder, "engine", "Cost of a substep", COLUMNS)
    title = "Share of time (%), three members together"
    parts = GrowingTable(folder, "parts", title, ["lattice", "precision", *PARTS])
    for name, shape in extent.lattices:
        case = Case(name, shape, extent.seconds)
        engine.add(engine_rows(case))
        parts.add(share_rows(case))
    cells = " x ".join(map(str, LATTICE.values()))
    title = f"Wall time of a campaign of {cells} cells up to its trajectories"
    campaigns = GrowingTable(folder, "campaign", title, ["replicas", "cores", "seconds"])
    for cores in extent.cores:
        times = time_campaigns(extent.replicas, cores, extent.t_max_ps, extent.repeats)
        campaigns.add([[n, cores, t] for n, t in zip(extent.replicas, times, strict=True)])
    plot_cost(engine.whole.rows, campaigns.whole.rows, folder / "cost.png")


def main():
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "results" / "benchmarks")
    parser.add_argument(
        "--quick", action="store_true", help="one small lattice and campaign: half a minute"
    )
    parser.add_argument("--against", help="another checkout, to time beside this one")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    extent = QUICK if options.quick else WHOLE
    if options.against:
        time_against(options.against, extent, options.folder)
    else:
        time_all(extent, options.folder)


if __name__ == "__main__":
    main()
