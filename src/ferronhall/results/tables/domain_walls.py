"""Domain walls at rest: energy, width, Peierls barrier and the mode that moves them."""

import numpy as np

from ferronhall.results.tables.table import Table

COLUMNS = [
    "wall at layer",
    "y (cells)",
    "energy (mJ/m²)",
    "barrier below (mJ/m²)",
    "barrier above (mJ/m²)",
    "width (Å)",
    "sliding mode (GHz)",
    "part of it at the wall",
]
OTHERS = ("wall_width", "sliding_frequency", "sliding_weight")


def table(domain_walls):
    """One row a wall, each alone in the slab; all of them together in the notes."""
    found = domain_walls
    rows = [
        [
            int(wall),
            *(float(found[name][n]) for name in ("wall_y", "wall_energy")),
            *(None if np.isnan(b) else float(b) for b in found["wall_barrier"].values[n]),
            *(float(found[name][n]) for name in OTHERS),
        ]
        for n, wall in enumerate(found["wall"].values)
    ]
    notes = [
        "A wall at layer j stands between the layers j − 1 and j. At rest at zero temperature, "
        "each wall alone in the slab. Barrier (Peierls): the highest energy on the way to the "
        "next layer below or above. Width: for P to turn round at the rate of the steepest step.",
        f"All walls together: {float(found['total_energy']):.4g} mJ/m². Lowest mode frequency of "
        f"the slab: {float(found['softest_frequency']):.4g} GHz with the walls, "
        f"{float(found['softest_frequency_uniform']):.4g} GHz in one domain.",
    ]
    return Table(f"Domain walls of campaign {found.attrs['campaign']}", COLUMNS, rows, notes)
