"""Times the engine and its reference in one run; writes two tables and a plot.

Every ratio is against benchmarks/reference.py on the same lattice, timed in the same run. Without
options it takes some twenty minutes.
"""

import argparse
import platform
from pathlib import Path

import numpy as np
from campaign import LATTICE, time_campaigns
from feram import time_feram
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from timings import PARTS, ROOT, Case, time_engine, time_parts, time_processes, time_reference

from ferronhall.results.tables.table import Table, markdown, write_table

PAPER, DEMO = ("paper.yaml", None), ("config.yaml", None)
SMALL = [("paper.yaml", (24, 20, 8)), ("paper.yaml", (15, 13, 3))]
MEMBERS = 3
COLUMNS = ["lattice", "engine", "ms a substep and trajectory", "ns a site", "ratio to reference"]
REPLICAS, CORES = (1, 2, 4, 8), (1, 2)


def engine_rows(case):
    """Rows of the main table for one lattice."""
    timings = {"reference, float64": time_reference(case)}
    feram = time_feram(case.model.slab.shape)
    if feram:
        timings["feram, float64"] = feram
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


def plot_cost(rows, campaigns, path):
    """Cost a site against the number of sites, and a campaign's wall time against its replicas."""
    figure = Figure(figsize=(7, 2.8), layout="constrained")
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    styles = {
        "reference, float64": "^-",
        "feram, float64": "v-",
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
    for (cores, times), style in zip(campaigns.items(), ("o-", "s-"), strict=True):
        right.plot(REPLICAS, times, style, ms=4, lw=1, label=f"{cores} core{'s' * (cores > 1)}")
    right.set(xlabel="replicas of three trajectories", ylabel="wall time (s)", ylim=(0, None))
    right.set_xticks(REPLICAS)
    right.legend(fontsize=6)
    figure.savefig(path, dpi=200)


def main():
    """Time everything and write engine.csv, .md, parts.csv, .md and cost.png."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "results" / "benchmarks")
    parser.add_argument(
        "--quick", action="store_true", help="small lattices, short timings: one minute"
    )
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    rows, parts = [], []
    for name, shape in SMALL if options.quick else [PAPER, DEMO, *SMALL]:
        case = Case(name, shape, seconds=0.5 if options.quick else 3.0)
        rows += engine_rows(case)
        parts += share_rows(case)
        print(f"{case.label}: done", flush=True)
    notes = [
        f"{platform.processor() or platform.machine()}, one thread a process, least of several."
    ]
    table = Table("Cost of a substep", COLUMNS, rows, notes)
    write_table(table, options.folder / "engine.csv", options.folder / "engine.md")
    columns = ["lattice", "precision", *PARTS]
    parts_table = Table("Share of time (%), three members together", columns, parts)
    write_table(parts_table, options.folder / "parts.csv", options.folder / "parts.md")
    campaigns = time_campaigns(REPLICAS, CORES, t_max_ps=6.0 if options.quick else 25.0)
    cells = " x ".join(map(str, LATTICE.values()))
    campaign_rows = [
        [n, c, t] for c, times in campaigns.items() for n, t in zip(REPLICAS, times, strict=True)
    ]
    campaign_table = Table(
        f"Wall time of a campaign of {cells} cells up to its trajectories",
        ["replicas", "cores", "seconds"],
        campaign_rows,
    )
    write_table(campaign_table, options.folder / "campaign.csv", options.folder / "campaign.md")
    plot_cost(rows, campaigns, options.folder / "cost.png")
    print(*map(markdown, (table, parts_table, campaign_table)), sep="\n")


if __name__ == "__main__":
    main()
