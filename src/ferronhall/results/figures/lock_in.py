"""Edge responses to modulated heating: amplitude and phase against frequency."""

import numpy as np

from ferronhall.model.observables import OBSERVABLES
from ferronhall.model.response_maps import HALL_RESPONSES, RESPONSE_MAPS
from ferronhall.results import average_crystal
from ferronhall.results.figures import style
from ferronhall.results.figures.output import DrawnFigure

COLUMN, LEFT, WIDTH, HEIGHT = 2.32, 0.56, 1.66, 1.25
LOOKS = {"classical": {"color": style.NEGATIVE}, "quantum": {"color": style.POSITIVE}}
"""The colours that they have in the spectrum."""


def draw(parameters, lock_in):
    """Draw the amplitude over that at DC, and the lag, of the three edge accumulations.

    parameters, lock_in : xarray.Dataset
        Content of the files of these names.
    returns : DrawnFigure
    """
    frequency = lock_in["frequency"].values
    height, data = 2 * HEIGHT + 1.55, []
    with style.context():
        figure = style.new_figure(height)
        for column, name in enumerate(HALL_RESPONSES):
            response, left = RESPONSE_MAPS[name], 0.02 + column * COLUMN + LEFT
            upper = style.place(figure, left, 0.62 + HEIGHT + 0.2, WIDTH, HEIGHT)
            lower = style.place(figure, left, 0.62, WIDTH, HEIGHT)
            letter = "abc"[column]
            label = OBSERVABLES[response.observable].in_figures
            prefix = r"\Delta_B " if response.delta else ""
            title = f"Edge ${prefix}{label}$"
            style.heading(figure, left - 0.42, height - 0.38, letter, title)
            columns = {"frequency (GHz)": frequency}
            for statistics in lock_in["statistics"].values:
                at = lock_in.sel(statistics=statistics)
                edge, phase = at[f"edge_{name}"].values, at[f"phase_{name}"].values
                look = LOOKS[str(statistics)] | {"marker": ".", "ms": 3, "label": str(statistics)}
                # of what vanishes at DC nothing is drawn
                upper.plot(frequency[1:], edge[1:] / (edge[0] or np.nan), **look)
                lower.plot(frequency[1:], phase[1:], **look)
                columns[f"edge {name} ({response.unit}), {statistics}"] = edge
                columns[f"lag of {name} (degree), {statistics}"] = phase
                half = float(at[f"half_{name}"])
                if half == half:
                    upper.axvline(half, color=look["color"], lw=0.5, ls=(0, (1, 2)), zorder=0)
            for axes in (upper, lower):
                axes.set_xscale("log")
            upper.axhline(0.5, color=style.FADED, lw=0.5, zorder=0)
            lower.axhline(0.0, color=style.FADED, lw=0.5, zorder=0)
            upper.tick_params(labelbottom=False)
            lower.set_xlabel("modulation (GHz)")
            if column == 0:
                upper.set_ylabel("amplitude over DC")
                lower.set_ylabel("lag (degrees)")
                figure.legend(
                    *upper.get_legend_handles_labels(), loc="upper right", ncols=2, borderpad=0.2
                )
            data.append((letter, columns))
        theory = average_crystal.after("harmonic theory", parameters)
        style.setting_note(figure, parameters, f"{theory},  dotted: amplitude halved")
    return DrawnFigure(figure, data)
