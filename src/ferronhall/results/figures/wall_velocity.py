"""Where every domain wall was in the course of a run, at each field."""

import numpy as np

from ferronhall.results.figures import style
from ferronhall.results.figures.output import DrawnFigure

HEIGHT, BOTTOM, SIZE, WIDTH, COLUMN = 2.35, 0.62, 1.3, 1.75, 2.3
TITLES = {-1: r"$-\Omega_B$", 0: "no field", 1: r"$+\Omega_B$"}
MOST_NAMED = 6
"""Walls that a legend has room for."""


def draw(parameters, wall_velocity):
    """Draw what every wall has moved against time: the mean over the replicas and each of them.

    parameters, wall_velocity : xarray.Dataset
        Content of the files of these names.
    returns : DrawnFigure
    """
    found, data = wall_velocity, []
    time = np.append(0.0, found["time"].values)
    walls = [_name(found.isel(wall=n)) for n in range(found.sizes["wall"])]
    colours = (style.RIGHT, style.LEFT, style.FIELD, style.NEGATIVE, style.POSITIVE, style.FADED)
    moved = np.append(found["displacement"].values, (-1.0, 1.0))
    margin = 0.05 * np.ptp(moved)
    with style.context():
        figure = style.new_figure(HEIGHT)
        for n, field in enumerate(found["field"].values.tolist()):
            left = 0.45 + n * COLUMN
            style.heading(figure, left - 0.3, HEIGHT - 0.3, "abc"[n], TITLES[field])
            axes = style.place(figure, left, BOTTOM, WIDTH, SIZE)
            axes.axhline(0.0, color=style.FADED, lw=0.5, zorder=0)
            columns = {"t (ps)": time}
            for m, wall in enumerate(walls):
                each = found["displacement"].isel(wall=m, field=n).transpose("replica", "block")
                paths = np.pad(each.values, ((0, 0), (1, 0)))
                colour = colours[m % len(colours)]
                axes.plot(time, paths.T, color=colour, lw=0.4, alpha=0.4)
                named = wall if n == 0 and len(walls) <= MOST_NAMED else None
                axes.plot(time, paths.mean(axis=0), color=colour, lw=1.2, label=named)
                columns[f"{wall}: moved (cells)"] = paths.mean(axis=0)
            axes.set_xlim(0, time[-1])
            axes.set_ylim(moved.min() - margin, moved.max() + margin)
            axes.set_xlabel("$t$ (ps)")
            if n == 0:
                axes.set_ylabel("moved (cells)")
                if len(walls) <= MOST_NAMED:
                    axes.legend(loc="best")
            data.append((f"{'abc'[n]}: {field:+d} Omega_B", columns))
        replicas = found.sizes["replica"]
        text = f"{replicas} replica{'s' if replicas != 1 else ''} thin, their mean thick"
        style.setting_note(figure, parameters, text)
    return DrawnFigure(figure, data)


def _name(wall):
    axis = str(wall["normal"].values)
    return "all walls" if axis == "all" else f"${axis} = {int(wall['layer'])}$"
