"""Where the walls of a run went, and how fast, by field."""

import numpy as np

from ferronhall.results.tables.table import Table

COLUMNS = [
    "wall",
    "Ω_B (rad/ps)",
    "moved at the end (cells)",
    "velocity (cells/ps)",
    "standard error",
    "velocity (m/s)",
    "grows",
]


def table(wall_velocity):
    """A row for each wall and field, and one for the field-odd part of its velocity."""
    found, rows = wall_velocity, []
    for n in range(found.sizes["wall"]):
        wall = found.isel(wall=n)
        for m, omega in enumerate(found["omega_B"].values):
            at = wall.isel(field=m)
            end = float(at["displacement"].isel(block=-1).mean("replica"))
            shown = [_told(at[name]) for name in ("velocity", "velocity_stderr", "speed")]
            rows.append([_name(wall), float(omega), end, *shown, _grows(end * int(wall["sign"]))])
        odd = [_told(wall[name]) for name in ("velocity_odd", "velocity_odd_stderr")]
        rows.append([_name(wall), "Δ_B", None, *odd, None, ""])
    moved = np.flatnonzero(found["moved"].values.any(axis=0))
    notes = [
        "Moved: along the wall's normal since the run began, mean over its columns and the "
        "replicas. Velocity: that to the end, or to the first block in which a wall has half a "
        "cell or less left to move into, over the time since the run began, so that blocks have "
        "to be short. Errors: one standard error over the replicas. Δ_B: half of what it is at "
        "+Ω_B less that at −Ω_B.",
        "Grows: the domain that gained cells, P along +x or −x.",
    ]
    if "all" in found["normal"].values:
        notes.append(
            "All walls of the map: cells that domains along +x gained per pair of neighbours with "
            "a wall between them."
        )
    if moved.size:
        numbers = ", ".join(map(str, moved))
        notes.append(f"Replicas in which a wall moved, which no average takes: {numbers}.")
    return Table(
        f"Velocity of the domain walls of campaign {found.attrs['campaign']}",
        COLUMNS,
        rows,
        notes,
        errors={"velocity (cells/ps)": "standard error"},
    )


def _name(wall):
    axis = str(wall["normal"].values)
    return "all walls" if axis == "all" else f"{axis} = {int(wall['layer'])}"


def _told(value):
    return None if np.isnan(value) else float(value)


def _grows(gained):
    return "" if gained == 0 else ("+P" if gained > 0 else "−P")
