"""The curves of a scan: edge accumulations against every key, with what the pointer is on."""

import numpy as np
from bokeh.models import ColumnDataSource, HoverTool, Span
from bokeh.plotting import figure
from matplotlib import colormaps
from matplotlib.colors import to_hex

from ferronhall.model.response_maps import RESPONSE_MAPS
from ferronhall.results import display_units
from ferronhall.results.figures import style
from ferronhall.results.scan_rows import curve_name, has_curves, panels
from ferronhall.results.scan_rows import curves as curves_of

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
    for number, points in enumerate(panels(scan)):
        key = str(points["key"].values[0])
        for name in map(str, scan["map"].values):
            unit = display_units.of_dataset(RESPONSE_MAPS[name].unit, _largest(scan, name))
            drawn = points.sel(map=name).assign(edge=points["edge"].sel(map=name) / unit.size)
            found[f"scan_{number}_{name}"] = _plot(drawn, key, RESPONSE_MAPS[name], unit)
    return found


def _largest(scan, name):
    """Size of the largest edge accumulation of a map: all its curves have one unit."""
    return float(np.nanmax(np.abs(scan["edge"].sel(map=name).values), initial=0.0))


def _plot(points, key, response, unit):
    numbers, words = points["number"].values, [str(value) for value in points["value"].values]
    by_word = bool(np.isnan(numbers).any())
    plot = figure(
        height=260,
        sizing_mode="stretch_width",
        toolbar_location="above",
        tools="pan,box_zoom,reset,save",
        active_drag=None,
        x_axis_label=key,
        y_axis_label=f"edge {response.title} ({unit.text})",
        **({"x_range": list(dict.fromkeys(words))} if by_word else {}),
    )
    plot.toolbar.logo = None
    drawn = curves_of(points)
    for number, curve in enumerate(drawn):
        _add_curve(plot, curve, by_word, number / max(len(drawn) - 1, 1))
    if has_curves(points):
        plot.add_layout(plot.legend[0], "above")
        plot.legend.update(
            title=str(points["each_key"].values[0]),
            orientation="horizontal",
            label_text_font_size="8pt",
            title_text_font_size="8pt",
            border_line_alpha=0,
            margin=0,
            padding=2,
        )
        plot.height += 30
    plot.add_layout(Span(location=0, dimension="width", line_color=style.FADED, line_width=0.7))
    told = [(key, "@value"), *([("of", "@curve")] if has_curves(points) else [])]
    told += [(label, f"@{name}{{%.4g}}") for name, (label, *_) in LINES.items()]
    formats = {f"@{name}": "printf" for name in LINES}
    plot.add_tools(HoverTool(tooltips=told, formatters=formats, mode="vline"))
    if by_word:
        plot.xaxis.major_label_orientation = 0.6
    return plot


def _add_curve(plot, points, by_word, place):
    """One curve with its approximations; place, 0 to 1, among those of another key's values."""
    words = [str(value) for value in points["value"].values]
    edges = {a: points["edge"].sel(approximation=a).values.astype(float) for a in LINES}
    name = curve_name(points)
    columns = {"at": words if by_word else points["number"].values, "value": words, **edges}
    source = ColumnDataSource(columns | {"curve": [name] * len(words)})
    for approximation, (_, colour, dash) in LINES.items():
        shade = to_hex(colormaps[style.SHADES](0.05 + 0.8 * place)) if name else colour
        named = name and approximation == "closure"
        told = {"legend_label": str(points["each_value"].values[0])} if named else {}
        # words have no order that a line could follow
        if not by_word:
            plot.line("at", approximation, source=source, color=shade, line_dash=dash, width=1.5)
        plot.scatter("at", approximation, source=source, color=shade, size=5, **told)
