"""Fig. 3: the transverse responses of the driven slab, with line cuts along y and the theory's."""

import numpy as np

from ferronhall.model.map_algebra import flank_cuts
from ferronhall.model.mirrors import Mirrors
from ferronhall.model.response_maps import RESPONSE_MAPS
from ferronhall.results.figures import quantities, style
from ferronhall.results.figures.cell import Cell
from ferronhall.results.figures.cuts import (
    cut_columns,
    draw_cut,
    edge_accumulation,
    edge_text,
    flank_cut,
)
from ferronhall.results.figures.maps import draw_colour_bar, draw_map, label_scale, panel_aspect
from ferronhall.results.figures.motifs import EXTENT, draw_motif
from ferronhall.results.figures.output import DrawnFigure

PANELS = (
    ("a", "angular_momentum", quantities.zero_field, "Phonon angular momentum", "L_z"),
    ("b", "kinetic_energy", quantities.field_odd, "Phonon Hall response", r"\delta\mathrm{KE}"),
    ("c", "polarization", quantities.field_odd, "Ferron Hall response", r"\delta P"),
)

COLUMN, MAP_LEFT, MAP_WIDTH = 2.32, 0.42, 1.42
MOTIF_WIDTH, MOTIF_HEIGHT, CUT_HEIGHT = 0.62, 0.56, 0.95


def draw(parameters, ensemble, theory=None):
    """Draw L_z without field and the field-odd kinetic energy and polarization.

    parameters, ensemble, theory : xarray.Dataset
        Content of the files of these names; no theory of domains that it does not know.
    returns : DrawnFigure

    The motifs have the sign of an odd map, and are left out where the field's direction makes none.
    """
    map_height = MAP_WIDTH * panel_aspect(ensemble.sizes["x"], ensemble.sizes["y"])
    cut_bottom = 0.52
    lower_motif = cut_bottom + CUT_HEIGHT + 0.36
    map_bottom = lower_motif + MOTIF_HEIGHT + 0.31
    upper_motif = map_bottom + map_height + 0.03
    height = upper_motif + MOTIF_HEIGHT + 0.36
    data = []
    with style.context():
        figure = style.new_figure(height)
        cell = Cell.from_parameters(parameters, cations=False)
        for column, (letter, observable, choose, title, symbol) in enumerate(PANELS):
            left = 0.02 + column * COLUMN + MAP_LEFT
            field = choose(ensemble, observable)
            edges = edge_accumulation(field, ensemble)
            cut = flank_cut(field, ensemble)

            style.heading(figure, left - 0.40, height - 0.17, letter, title)
            axes = style.place(figure, left, map_bottom, MAP_WIDTH, map_height)
            mesh = draw_map(axes, field)
            bar = style.place(figure, left + MAP_WIDTH + 0.05, map_bottom, 0.07, map_height)
            draw_colour_bar(figure, bar, mesh, field)
            label_scale(figure, left + MAP_WIDTH + 0.40, map_bottom + map_height + 0.06, field)
            if RESPONSE_MAPS[field.name].gathers(Mirrors.of_dataset(ensemble)):
                for bottom, side in ((upper_motif, 1), (lower_motif, -1)):
                    _motifs(figure, left, bottom, side, observable, symbol, edges, cell)
            below = style.place(figure, left, cut_bottom, MAP_WIDTH + 0.12, CUT_HEIGHT)
            draw_cut(below, field, cut)
            columns = cut_columns(field, cut)
            if theory is not None:
                predicted = quantities.in_unit_of(choose(theory, observable), field)
                lines = flank_cuts(predicted.values, field.x, parameters["flank"].values)
                _draw_theory(below, field.y, lines, style.theory_name(theory))
                columns |= {f"theory {field.header}": lines.ravel()}
            below.set_xlabel("$y$ (cells)")
            below.set_ylabel(field.axis_label)
            below.set_title(edge_text(field, edges), fontsize=style.SMALL, pad=2.5)
            if column == 0:
                below.legend(loc="best", borderpad=0.1, handletextpad=0.4, labelspacing=0.2)
            data.append((f"{letter}: map", field.columns()))
            data.append((f"{letter}: cut", columns))
        style.campaign_note(figure, parameters, ensemble)
    return DrawnFigure(figure, data)


def _draw_theory(axes, y, lines, name):
    """The theory's cuts over both flanks, (2, ny), thin over the simulation's."""
    low, high = axes.get_ylim()
    for line, label in zip(lines, (name, None), strict=True):
        axes.plot(y, line, color=style.INK, lw=0.6, ls=(0, (4, 2)), label=label)
    reach = 1.08 * np.abs(lines).max()
    axes.set_ylim(min(low, -reach), max(high, reach))


def _motifs(figure, left, bottom, side, observable, symbol, edges, cell):
    """The two motifs at one face: beside −x and beside +x; pale without an established sign."""
    sure = edges.established
    for flank, offset in ((-1, 0.0), (1, MAP_WIDTH - MOTIF_WIDTH)):
        sign = edges.sign * side * flank
        axes = style.canvas(figure, left + offset, bottom, MOTIF_WIDTH, MOTIF_HEIGHT, EXTENT)
        draw_motif(axes, observable, sign, cell, certain=sure)
        style.note(
            figure,
            left + offset + MOTIF_WIDTH / 2,
            bottom + (MOTIF_HEIGHT + 0.01 if side > 0 else -0.11),
            f"${'+' if sign > 0 else '-'}{symbol}$",
            ha="center",
            color=style.POSITIVE if sign > 0 else style.NEGATIVE,
            alpha=1.0 if sure else 0.4,
        )
