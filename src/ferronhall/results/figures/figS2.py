"""Fig. S2: every channel without field and odd in the field, and the ionic motion behind it."""

import numpy as np

from ferronhall.results.figures import quantities, style
from ferronhall.results.figures.cell import COLOURS, Cell
from ferronhall.results.figures.cuts import (
    cut_columns,
    draw_cut,
    edge_accumulation,
    edge_text,
    flank_cut,
)
from ferronhall.results.figures.ions import blend, draw_arrow, draw_cage, draw_orbit, draw_sphere
from ferronhall.results.figures.maps import draw_colour_bar, draw_map, panel_aspect
from ferronhall.results.figures.output import DrawnFigure
from ferronhall.results.figures.view import View

OBSERVABLES = ("kinetic_energy", "polarization", "angular_momentum")
ROWS = (("abc", quantities.zero_field), ("def", quantities.field_odd))

COLUMN, MAP_LEFT, MAP_WIDTH, CUT_WIDTH = 2.33, 0.43, 1.15, 0.53
CELL_VIEW = View(elevation=24.0, azimuth=18.0)
CELL_HEIGHT = 1.95
CELL_EXTENT = (-1.05, 1.05, -0.96, 1.10)
NAME_OFFSETS = {"A": (0.0, 0.0), "B": (0.10, 0.15), "O": (0.13, -0.11)}


def draw(parameters, ensemble):
    """Draw the nine panels.

    parameters, ensemble : xarray.Dataset
        Content of parameters.nc and ensemble.nc.
    returns : DrawnFigure
    """
    map_height = MAP_WIDTH * panel_aspect(ensemble.sizes["x"], ensemble.sizes["y"])
    block = map_height + 1.0
    cells_bottom = 0.22
    maps_bottom = cells_bottom + CELL_HEIGHT + 0.20 + 0.42
    data = []
    with style.context():
        figure = style.new_figure(maps_bottom + 2 * block - 0.38)
        for row, (letters, choose) in enumerate(ROWS):
            for column, observable in enumerate(OBSERVABLES):
                field = choose(ensemble, observable)
                cut = flank_cut(field, ensemble)
                edges = edge_accumulation(field, ensemble) if field.accumulates else None
                corner = (0.02 + column * COLUMN + MAP_LEFT, maps_bottom + (1 - row) * block)
                _map_and_cut(figure, corner, map_height, letters[column], field, cut, edges)
                data.append((f"{letters[column]}: map", field.columns()))
                data.append((f"{letters[column]}: cut", cut_columns(field, cut)))
        cell = Cell.from_parameters(parameters)
        for column, (letter, title, motion) in enumerate(MOTIONS):
            left = 0.02 + column * COLUMN
            bottom = cells_bottom
            style.heading(figure, left + 0.03, bottom + CELL_HEIGHT + 0.02, letter, title)
            axes = style.canvas(figure, left + 0.16, bottom, COLUMN - 0.2, CELL_HEIGHT, CELL_EXTENT)
            motion(axes, cell)
            data.append((f"{letter}: ions", _ion_columns(cell)))
        style.campaign_note(figure, parameters, ensemble)
    return DrawnFigure(figure, data)


def _map_and_cut(figure, corner, map_height, letter, field, cut, edges):
    left, bottom = corner
    axes = style.place(figure, left, bottom, MAP_WIDTH, map_height)
    mesh = draw_map(axes, field)
    bar = style.place(figure, left, bottom + map_height + 0.06, MAP_WIDTH, 0.06)
    draw_colour_bar(figure, bar, mesh, field)
    style.heading(figure, left - 0.40, bottom + map_height + 0.36, letter, field.axis_label)
    if edges is not None:
        style.note(
            figure,
            left + MAP_WIDTH + 0.10 + CUT_WIDTH / 2,
            bottom + map_height + 0.05,
            edge_text(field, edges, short=True),
            ha="center",
            fontsize=style.SMALL,
        )
    beside = style.place(figure, left + MAP_WIDTH + 0.10, bottom, CUT_WIDTH, map_height)
    draw_cut(beside, field, cut, upright=True)
    beside.set_yticklabels([])
    beside.set_xlabel(field.axis_label, fontsize=style.SMALL)
    if letter == "a":
        beside.legend(
            loc="lower center",
            bbox_to_anchor=(0.5, 1.0),
            borderpad=0.1,
            handletextpad=0.3,
            labelspacing=0.15,
        )


def _ion_columns(cell):
    """Sites of the drawn atoms and the displacements per unit mode along x and y."""
    columns = {"ion": np.array(cell.elements)}
    for axis, name in enumerate("xyz"):
        columns[f"{name} (a)"] = cell.positions[:, axis]
    for mode, name in enumerate("xy"):
        for axis, along in enumerate("xyz"):
            columns[f"v_{name},{along} (1)"] = cell.modes[mode, :, axis]
    return columns


def _name_ions(axes, cell):
    """One chemical symbol for each kind of site, at its lowest atom."""
    screen = CELL_VIEW.screen(cell.positions)
    for site, offset in NAME_OFFSETS.items():
        lowest = min((i for i, s in enumerate(cell.sites) if s == site), key=lambda i: screen[i, 1])
        colour = "white" if site == "A" else blend(COLOURS[site], "black", 0.4)
        axes.text(
            *(screen[lowest] + offset),
            cell.elements[lowest],
            color=colour,
            va="center",
            ha="center",
            zorder=90,
        )


def _fluctuation(axes, cell):
    _name_ions(axes, cell)
    reach = cell.displacements((0.13, 0, 0))
    draw_cage(axes, cell, CELL_VIEW, offsets=reach, ghost=True)
    draw_cage(axes, cell, CELL_VIEW, offsets=-reach, ghost=True)
    draw_cage(axes, cell, CELL_VIEW)
    for position, offset in zip(cell.positions, 1.35 * reach, strict=True):
        if np.linalg.norm(offset) > 0.03:
            ends = CELL_VIEW.screen([position - offset, position + offset])
            draw_arrow(axes, *ends, style.INK, 60, width=1.0, style_name="<|-|>", head=5)


def _polar_shift(axes, cell):
    offsets = cell.displacements((0.15, 0, 0))
    for centre, site in zip(CELL_VIEW.screen(cell.positions), cell.sites, strict=True):
        if site != "A":
            draw_sphere(axes, centre, 0.085, "#bbbbbb", 9, alpha=0.4)
    draw_cage(axes, cell, CELL_VIEW, offsets=offsets)
    for position, offset in zip(cell.positions, offsets, strict=True):
        if np.linalg.norm(offset) > 0.03:
            start, end = CELL_VIEW.screen([position, position + 1.9 * offset])
            draw_arrow(axes, start, end, style.INK, 60, width=1.0, head=5)
    start, end = CELL_VIEW.screen([[-0.36, 0, 1.06], [0.36, 0, 1.06]])
    draw_arrow(axes, start, end, style.POSITIVE, 70, width=2.4, head=11)
    axes.text(end[0] + 0.06, end[1], r"$\delta P$", color=style.POSITIVE, fontsize=8, va="center")


def _circular_motion(axes, cell):
    phase = np.radians(-60)
    along = cell.displacements((0.17 * np.cos(phase), 0.17 * np.sin(phase), 0))
    across = cell.displacements((-0.17 * np.sin(phase), 0.17 * np.cos(phase), 0))
    draw_cage(axes, cell, CELL_VIEW, offsets=along)
    for position, a, b in zip(cell.positions, along, across, strict=True):
        if np.linalg.norm(a) > 0.03:
            draw_orbit(axes, CELL_VIEW, position, a, b, style.INK, width=0.9, head=4.5, gap=70)
    start, end = CELL_VIEW.screen([[0, 0, 0.68], [0, 0, 1.12]])
    draw_arrow(axes, start, end, style.POSITIVE, 70, width=2.2, head=10)
    axes.text(end[0] + 0.07, end[1] - 0.1, "$L_z$", color=style.POSITIVE, fontsize=8, va="center")


MOTIONS = (
    ("g", "Kinetic energy: fluctuation", _fluctuation),
    ("h", "Polarization: shift along $x$", _polar_shift),
    ("i", "Angular momentum: rotation", _circular_motion),
)
