"""Domain walls at rest: energy, width, Peierls barrier and the mode that moves them."""

from ferronhall.results.tables.table import Table

COLUMNS = [
    "wall at layer",
    "y (cells)",
    "energy (mJ/m²)",
    "Peierls barrier (mJ/m²)",
    "width (Å)",
    "sliding mode (GHz)",
    "part of it at the wall",
]
VARIABLES = ("wall_energy", "wall_barrier", "wall_width", "sliding_frequency", "sliding_weight")


def table(domain_walls):
    """One row a wall, each alone in the slab; all of them together in the notes."""
    found = domain_walls
    rows = [
        [int(wall), float(found["wall_y"][n]), *(float(found[name][n]) for name in VARIABLES)]
        for n, wall in enumerate(found["wall"].values)
    ]
    notes = [
        "A wall at layer j stands between the layers j − 1 and j. At rest at zero temperature, "
        "each wall alone in the slab. Barrier: the highest energy on the way to the next layer "
        "towards the middle. Width: over which P would turn round at the steepest step's rate.",
        f"All walls together: {float(found['total_energy']):.4g} mJ/m². Lowest mode frequency of "
        f"the slab: {float(found['softest_frequency']):.4g} GHz with the walls, "
        f"{float(found['softest_frequency_uniform']):.4g} GHz in one domain.",
    ]
    return Table(f"Domain walls of campaign {found.attrs['campaign']}", COLUMNS, rows, notes)
