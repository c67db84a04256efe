"""Theory beside simulation: maps, their difference in standard errors, and line cuts."""

from dataclasses import replace

import numpy as np
from matplotlib.colors import Normalize

from ferronhall.model.map_algebra import flank_cuts
from ferronhall.results.figures import quantities, style
from ferronhall.results.figures.cuts import cut_of
from ferronhall.results.figures.maps import (
    draw_colour_bar,
    draw_map,
    label_scale,
    normalization,
    panel_aspect,
)
from ferronhall.results.figures.output import DrawnFigure
from ferronhall.results.figures.standard_errors import LARGEST, UNIT, over_error

PANELS = (
    ("angular_momentum", quantities.zero_field, "Phonon angular momentum"),
    ("kinetic_energy", quantities.field_odd, "Phonon Hall response"),
    ("polarization", quantities.field_odd, "Ferron Hall response"),
)
ROWS = ("simulation, folded", "difference / standard error")

COLUMN, LEFT, WIDTH, CUT_HEIGHT = 2.32, 0.44, 1.42, 0.95


def draw(parameters, theory, ensemble, comparison):
    """Draw L_z without field and the field-odd kinetic energy and polarization of both.

    parameters, theory, ensemble, comparison : xarray.Dataset
        Content of the files of these names.
    returns : DrawnFigure
    """
    map_height = WIDTH * panel_aspect(theory.sizes["x"], theory.sizes["y"])
    row = map_height + 0.52
    maps_bottom = 0.52 + CUT_HEIGHT + 0.55
    height = maps_bottom + 3 * row - 0.16
    data = []
    with style.context():
        figure = style.new_figure(height)
        for column, (observable, choose, title) in enumerate(PANELS):
            left = 0.02 + column * COLUMN + LEFT
            predicted, measured = quantities.together(
                choose(theory, observable), choose(ensemble, observable, "_folded")
            )
            ratio = _ratio(predicted, comparison)
            style.note(figure, left - 0.1, height - 0.17, title, fontsize=7.5)
            shared = normalization(quantities.leading(predicted, measured))
            scales = (shared, shared, Normalize(-LARGEST, LARGEST))
            for n, field in enumerate((predicted, measured, ratio)):
                bottom = maps_bottom + (2 - n) * row
                letter = "abc"[column] + str(n + 1)
                words = f"({letter}) {(style.theory_name(theory), *ROWS)[n]}"
                style.note(figure, left, bottom + map_height + 0.05, words, fontsize=6.5)
                mesh = draw_map(style.place(figure, left, bottom, WIDTH, map_height), field)
                bar = style.place(figure, left + WIDTH + 0.05, bottom, 0.07, map_height)
                mesh.set_norm(scales[n])
                draw_colour_bar(figure, bar, mesh, field)
                if field is not ratio:
                    label_scale(figure, left + WIDTH + 0.40, bottom + map_height + 0.05, field)
                data.append((f"{letter}: map", field.columns()))
            axes = style.place(figure, left, 0.52, WIDTH + 0.12, CUT_HEIGHT)
            named = style.theory_name(theory)
            cuts = _draw_cuts(axes, predicted, measured, parameters["flank"].values, named)
            axes.set_title(_agreement(comparison, predicted.name), fontsize=style.SMALL, pad=2.5)
            if column == 0:
                axes.legend(loc="best", borderpad=0.1, handletextpad=0.4, labelspacing=0.2)
            data.append((f"{'abc'[column]}: cut at x > 0", cuts))
        style.campaign_note(figure, parameters, ensemble)
    return DrawnFigure(figure, data)


def _ratio(predicted, comparison):
    """The difference of folded simulation and theory over its standard error, as a Map."""
    difference = comparison[f"{predicted.name}_difference"].values
    error = comparison[f"{predicted.name}_difference_stderr"].values
    return replace(
        predicted,
        symbol=f"{predicted.symbol}, simulation less theory",
        unit=UNIT,
        values=over_error(difference, error),
        stderr=None,
        positive=False,
    )


def _draw_cuts(axes, predicted, measured, flank, named):
    """Cut along y over the right flank: theory as a line, simulation as dots with errors."""
    line = flank_cuts(predicted.values, predicted.x, flank)[1]
    cut = cut_of(measured, flank)
    dots, error = cut.mean["right"], cut.stderr["right"]
    axes.axhline(0.0, color=style.FADED, lw=0.5, zorder=0)
    axes.plot(predicted.y, line, color=style.INK, lw=1.0, label=named)
    axes.errorbar(
        predicted.y, dots, error, fmt=".", ms=2.6, lw=0.6, color=style.RIGHT, label="simulation"
    )
    axes.set_xlabel("$y$ (cells)")
    axes.set_ylabel(predicted.axis_label)
    return {
        "y (cells)": predicted.y,
        predicted.header: line,
        f"simulated {measured.header}": dots,
        f"simulated {measured.stderr_header}": error,
    }


def _agreement(comparison, name):
    chosen = comparison.sel(map=name, approximation="closure")
    # those of the samples as they are: with their twins they hold part of the theory
    names = ("amplitude_raw", "amplitude_raw_stderr", "chi2_raw")
    value, error, chi2 = (float(chosen[name]) for name in names)
    if np.isnan(value):
        return "theory: no response"
    if np.isnan(error):
        return f"amplitude {value:.3g}"
    return f"amplitude {value:.3f} ± {error:.3f},  $\\chi^2$ {chi2:.2f}"
