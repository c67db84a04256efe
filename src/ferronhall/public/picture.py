"""A picture of any map, as the campaign's figures show theirs."""

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ferronhall.results.figures import style
from ferronhall.results.figures.maps import draw_colour_bar, draw_map, panel_aspect
from ferronhall.results.figures.quantities import Map, Unit

__all__ = ["draw"]

_WIDTH = 2.6
"""Of the map (inches)."""


def draw(name: str, shown: xr.DataArray, error: xr.DataArray | None, axes: Axes | None) -> Figure:
    """Draw a variable over (x, y), with its standard error where there is one.

    axes : where to draw; a figure of its own without
    """
    unit = str(shown.attrs.get("units", "1"))
    chart = Map(
        name=name,
        label=name,
        symbol=name,
        unit=Unit(unit, unit, 1.0),
        x=shown["x"].values,
        y=shown["y"].values,
        values=shown.transpose("x", "y").values,
        stderr=None if error is None else error.transpose("x", "y").values,
        accumulates=False,
        positive=bool(shown.min() > 0),
    )
    with style.context():
        if axes is None:
            height = _WIDTH * panel_aspect(chart.x.size, chart.y.size)
            figure = style.new_figure(height + 0.75, width=_WIDTH + 1.4)
            axes = style.place(figure, 0.5, 0.4, _WIDTH, height)
            beside = style.place(figure, 0.6 + _WIDTH, 0.4, 0.1, height)
        else:
            figure = axes.figure
            beside = axes.inset_axes((1.03, 0.0, 0.04, 1.0))
        mesh = draw_map(axes, chart)
        draw_colour_bar(figure, beside, mesh, chart)
        axes.set_title(f"{chart.name} ({chart.unit.label})")
    return figure
