"""Maps to explore: the cell under the pointer, cuts through it, observables, fields, colours."""

import math

import numpy as np
from bokeh.models import (
    BoxAnnotation,
    Button,
    ColorBar,
    ColumnDataSource,
    CustomJS,
    CustomJSHover,
    HoverTool,
    LinearColorMapper,
    NumericInput,
    RadioButtonGroup,
    Select,
)
from bokeh.plotting import figure
from matplotlib import colormaps
from matplotlib.colors import to_hex

from ferronhall.model.observables import OBSERVABLES
from ferronhall.results.figures import style
from ferronhall.results.page import script
from ferronhall.results.page.map_views import FIELDS

FIRST = ("polarization", "Δ_B")
"""What is shown until something else is chosen."""

SHOWN = {"simulation": "value", "standard error": "error", "theory": "theory"}
"""Label of a button → column of the cells that gives the colours; without a theory the first two.
"""

CONTROLS = ("observable", "field", "what", "low", "high", "whole")
"""Places of the controls, in their order."""

_STEPS = 256
_TOOLS = "pan,box_zoom,reset,save"
"""None of them is active from the start: a finger that scrolls the page is to move no plot."""

_LABELS = 70
"""Pixels for the colour bar and its labels."""

_BESIDE, _BELOW = _LABELS + 50, 75
"""Pixels beside the cells of the map, and above and below them."""

_LEAST_HEIGHT, _MOST_HEIGHT, _LEAST_WIDTH = 60, 480, 340
"""Pixels between which the cells of the map are square: a very long or wide slab is no line."""


def explorer(views, x, y):
    """Controls and plots, and what brings the first picture.

    views : dict, (observable, field) → map_views.View
    x, y : ndarray, cells from the middle
    returns : (dict, name of a place on the page → Bokeh model, CustomJS to run at the start)
    """
    i, j = (index.ravel() for index in np.meshgrid(range(x.size), range(y.size), indexing="ij"))
    by_name = {f"{name}/{label}": view for (name, label), view in views.items()}
    nothing = np.zeros(x.size * y.size)
    cells = ColumnDataSource({"x": x[i], "y": y[j], **dict.fromkeys(SHOWN.values(), nothing)})
    mapper = LinearColorMapper(palette=_palette(style.DIVERGING), low=-1, high=1)
    predicted = bool(np.isfinite(views[FIRST].theory).all())
    shown = {k: column for k, column in SHOWN.items() if predicted or column != "theory"}
    controls = _controls(shown)
    plot, seen = _map(cells, mapper, x, y, predicted)
    first = _largest(views[FIRST].theory if predicted else views[FIRST].value)
    (along_x, cut_x), (along_y, cut_y) = (
        _cut(label, places, predicted) for label, places in (("x (cells)", x), ("y (cells)", y))
    )
    known = {
        **{"stored": ColumnDataSource(_columns(by_name)), "cells": cells, "mapper": mapper},
        # until a cell is pointed at
        "at": ColumnDataSource({"i": [first[0]], "j": [first[1]]}),
        **{"cut_x": cut_x, "cut_y": cut_y, "cut_axes": [along_x.yaxis[0], along_y.yaxis[0]]},
        **{"shown": shown, "fields": list(FIELDS), "sizes": [x.size, y.size]},
        "units": {name: view.unit.text for name, view in by_name.items()},
        "around": {name: view.unit.around for name, view in by_name.items()},
        "labels": {name: view.label for name, view in by_name.items()},
        "signed": {name: view.signed for name, view in by_name.items()},
        "around_zero": _palette(style.DIVERGING),
        "sequential": _palette("viridis"),
        **controls,
        **seen,
    }
    choose, point, follow = (
        CustomJS(args=known, code=code) for code in (script.CHOOSE, script.POINT, script.FOLLOW)
    )
    controls["observable"].js_on_change("value", choose)
    for name in ("field", "what"):
        controls[name].js_on_change("active", choose)
    controls["whole"].js_on_event("button_click", choose)
    for end, code in script.RANGE.items():
        controls[end].js_on_change("value", CustomJS(args=known, code=code))
    for event in ("mousemove", "tap"):
        plot.js_on_event(event, point)
    for source in (cells, known["at"]):
        source.js_on_change("data", follow)
    return {**controls, "map": plot, "along_x": along_x, "along_y": along_y}, choose


def _largest(values):
    """The cell at x > 0, y > 0 where a map is largest, (int, int)."""
    nx, ny = (size // 2 for size in values.shape)
    i, j = np.unravel_index(np.argmax(np.abs(values[nx:, ny:])), values[nx:, ny:].shape)
    return nx + int(i), ny + int(j)


def _columns(views):
    """Column of every view: values and theory as they are, errors to seven digits."""
    columns = {}
    for name, view in views.items():
        columns[f"{name}/value"] = _flat(view.value)
        columns[f"{name}/error"] = _flat(view.error).astype("float32")
        columns[f"{name}/theory"] = _flat(view.theory)
    return columns


def _flat(values):
    return np.ascontiguousarray(values, float).ravel()


def _palette(name):
    return [to_hex(colour) for colour in colormaps[name](np.linspace(0, 1, _STEPS))]


def _controls(shown):
    titles = [(name, observable.label) for name, observable in OBSERVABLES.items()]
    number = {"mode": "float", "width": 110}
    return {
        "observable": Select(title="observable", value=FIRST[0], options=titles, width=260),
        "field": RadioButtonGroup(labels=list(FIELDS), active=list(FIELDS).index(FIRST[1])),
        "what": RadioButtonGroup(labels=list(shown), active=0),
        "low": NumericInput(title="colours from", **number),
        "high": NumericInput(title="to", **number),
        "whole": Button(label="whole range", width=110),
    }


def _plot(**options):
    plot = figure(
        sizing_mode="stretch_width",
        toolbar_location="above",
        tools=_TOOLS,
        active_drag=None,
        **options,
    )
    plot.toolbar.logo = None
    return plot


def _map(cells, mapper, x, y, predicted):
    """The plot, and what the script changes in it: the cells' glyph, marks of a row and column."""
    widest = max(_LEAST_WIDTH, round(_MOST_HEIGHT * x.size / y.size) + _BESIDE)
    plot = _plot(
        height=_MOST_HEIGHT + _BELOW,
        max_width=widest,
        x_range=(x[0] - 0.5, x[-1] + 0.5),
        y_range=(y[0] - 0.5, y[-1] + 0.5),
        x_axis_label="x (cells)",
        y_axis_label="y (cells)",
        min_border_right=_LABELS,
    )
    plot.grid.visible = False
    # cells are square, whatever the width of the page
    most = _MOST_HEIGHT if widest == _LEAST_WIDTH else math.inf
    fit = {"cells_y_over_x": y.size / x.size, "least": _LEAST_HEIGHT, "most": most}
    plot.js_on_change("inner_width", CustomJS(args={**fit, "plot": plot}, code=script.FIT))
    colours = {"field": "value", "transform": mapper}
    drawn = plot.rect("x", "y", 1, 1, source=cells, fill_color=colours, line_color=colours)
    here = {"numbers": cells}
    told = [("cell", "@x, @y"), ("simulation", "@value{custom}")]
    if predicted:
        told.append(("theory", "@theory{custom}"))
    formats = {f"@{key}": CustomJSHover(args=here, code=code) for key, code in script.TOLD.items()}
    plot.add_tools(HoverTool(renderers=[drawn], tooltips=told, formatters=formats))
    plot.add_layout(ColorBar(color_mapper=mapper, width=10, padding=4), "right")
    look = {"fill_alpha": 0, "line_color": style.INK, "line_alpha": 0.6}
    seen = {"rects": drawn, "this_row": BoxAnnotation(**look), "this_column": BoxAnnotation(**look)}
    for mark in ("this_row", "this_column"):
        plot.add_layout(seen[mark])
    return plot, seen


def _cut(label, places, predicted):
    """Values with their standard error and any theory, of a line of cells: plot and data."""
    columns = ("value", "error", "lower", "upper", "theory")
    source = ColumnDataSource({"at": places, **dict.fromkeys(columns, np.zeros(places.size))})
    plot = _plot(height=260, x_axis_label=label)
    plot.varea("at", "lower", "upper", source=source, fill_color=style.LEFT, fill_alpha=0.25)
    value = plot.line(
        "at", "value", source=source, color=style.LEFT, width=1.5, legend_label="simulation ± error"
    )
    told = [(label, "@at"), ("simulation", "@value{custom}")]
    if predicted:
        plot.line(
            *("at", "theory"),
            source=source,
            color=style.RIGHT,
            line_dash="dashed",
            width=1.5,
            legend_label="theory",
        )
        told.append(("theory", "@theory{custom}"))
    here = {"numbers": source}
    formats = {f"@{key}": CustomJSHover(args=here, code=code) for key, code in script.TOLD.items()}
    plot.add_tools(HoverTool(renderers=[value], tooltips=told, formatters=formats, mode="vline"))
    plot.legend.background_fill_alpha = 0.7
    plot.legend.padding = plot.legend.spacing = 2
    return plot, source
