"""The curves of a scan: edge accumulations against every key, with what the pointer is on."""

import numpy as np
from bokeh.models import ColumnDataSource, HoverTool, Span
from bokeh.plotting import figure

from ferronhall.model.response_maps import RESPONSE_MAPS
from ferronhall.results.figures import style

LINES = {
    "closure": ("Gaussian closure", style.INK, "solid"),
    "harmonic": ("harmonic", style.RIGHT, "dashed"),
    "closure_quantum": ("closure, quantum", style.LEFT, "dotted"),
}
"""Approximation of the scan → its label, colour and dash."""


def curves(scan):
    """A plot for every key and map of a scan.

    scan : xarray.Dataset, content of scan.nc
    returns : dict, name of its place → bokeh figure
    """
    found = {}
    for number, key in enumerate(dict.fromkeys(map(str, scan["key"].values))):
        points = scan.isel(row=np.flatnonzero(scan["key"].values == key))
        for name in map(str, scan["map"].values):
            found[f"scan_{number}_{name}"] = _curve(points.sel(map=name), key, RESPONSE_MAPS[name])
    return found


def _curve(points, key, response):
    numbers, words = points["number"].values, [str(value) for value in points["value"].values]
    by_word = bool(np.isnan(numbers).any())
    edges = {a: points["edge"].sel(approximation=a).values.astype(float) for a in LINES}
    source = ColumnDataSource({"at": words if by_word else numbers, "value": words, **edges})
    plot = figure(
        height=260,
        sizing_mode="stretch_width",
        toolbar_location="above",
        tools="pan,box_zoom,reset,save",
        active_drag=None,
        x_axis_label=key,
        y_axis_label=f"edge {response.title} ({response.unit})",
        **({"x_range": words} if by_word else {}),
    )
    plot.toolbar.logo = None
    for approximation, (_, colour, dash) in LINES.items():
        # words have no order that a line could follow
        if not by_word:
            plot.line("at", approximation, source=source, color=colour, line_dash=dash, width=1.5)
        plot.scatter("at", approximation, source=source, color=colour, size=5)
    plot.add_layout(Span(location=0, dimension="width", line_color=style.FADED, line_width=0.7))
    told = [(key, "@value")]
    told += [(label, f"@{name}{{%.5g}}") for name, (label, *_) in LINES.items()]
    formats = {f"@{name}": "printf" for name in LINES}
    plot.add_tools(HoverTool(tooltips=told, formatters=formats, mode="vline"))
    if by_word:
        plot.xaxis.major_label_orientation = 0.6
    return plot
