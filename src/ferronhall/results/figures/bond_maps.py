"""The second-order polarization of neighbouring cells beside the linear one."""

from ferronhall.model.map_algebra import flank_cuts
from ferronhall.results.figures import cuts, quantities, style
from ferronhall.results.figures.maps import (
    draw_colour_bar,
    draw_map,
    label_scale,
    normalization,
    panel_aspect,
)
from ferronhall.results.figures.output import DrawnFigure

TITLES = ("Ferron Hall response", "Second order, field-odd", "Second order, no field")
PARTS = ("field_odd", "zero_field")

COLUMN, LEFT, WIDTH, CUT_HEIGHT = 2.32, 0.44, 1.42, 0.95


def draw(parameters, theory, ensemble, bond_polarization):
    """Draw Δ_B P, and the second-order polarization field-odd and without field.

    parameters, theory, ensemble, bond_polarization : xarray.Dataset
        Content of the files of these names.
    returns : DrawnFigure
    """
    map_height = WIDTH * panel_aspect(parameters.sizes["x"], parameters.sizes["y"])
    row = map_height + 0.52
    bottom = 0.52 + CUT_HEIGHT + 0.55
    height = bottom + 2 * row - 0.16
    data = []
    flank = parameters["flank"].values
    columns = [_linear(theory, ensemble, flank)]
    columns += [_second_order(bond_polarization, part) for part in PARTS]
    rows = (style.theory_name(theory), "simulation, folded")
    with style.context():
        figure = style.new_figure(height)
        for number, (title, column) in enumerate(zip(TITLES, columns, strict=True)):
            left, letter = 0.02 + number * COLUMN + LEFT, "abc"[number]
            predicted, measured, cut = column
            style.note(figure, left - 0.1, height - 0.17, title, fontsize=7.5)
            for n, field in enumerate((predicted, measured)):
                low, panel = bottom + (1 - n) * row, f"({letter}{n + 1}) {rows[n]}"
                style.note(figure, left, low + map_height + 0.05, panel, fontsize=6.5)
                mesh = draw_map(style.place(figure, left, low, WIDTH, map_height), field)
                mesh.set_norm(normalization(quantities.leading(predicted, measured)))
                bar = style.place(figure, left + WIDTH + 0.05, low, 0.07, map_height)
                draw_colour_bar(figure, bar, mesh, field)
                label_scale(figure, left + WIDTH + 0.40, low + map_height + 0.05, field)
                data.append((f"{letter}{n + 1}: map", field.columns()))
            axes = style.place(figure, left, 0.52, WIDTH + 0.12, CUT_HEIGHT)
            _draw_cuts(axes, predicted, cut, flank)
            axes.legend(loc="best", borderpad=0.1, handletextpad=0.4, labelspacing=0.2)
            data.append((f"{letter}: cuts", cuts.cut_columns(predicted, cut)))
        style.campaign_note(figure, parameters, ensemble)
    return DrawnFigure(figure, data)


def _linear(theory, ensemble, flank):
    """Theory's and simulated Map of Δ_B P, and the simulation's Cut."""
    predicted, measured = quantities.together(
        quantities.field_odd(theory, "polarization"),
        quantities.field_odd(ensemble, "polarization", "_folded"),
    )
    return predicted, measured, cuts.cut_of(measured, flank)


def _second_order(bonds, part):
    """The same of the second-order polarization."""
    of_theory = bonds.sel(approximation="closure")
    predicted, measured = quantities.together(
        quantities.second_order(of_theory, part, "bilinear_theory"),
        quantities.second_order(bonds, part, "bilinear_folded"),
    )
    scale = bonds.attrs.get("polarization_per_bilinear", 1.0) / predicted.unit.size
    chosen = bonds.sel(part=part)
    mean = {s: scale * chosen["cut"].sel(side=s).values for s in cuts.FLANKS}
    error = {s: abs(scale) * chosen["cut_stderr"].sel(side=s).values for s in cuts.FLANKS}
    return predicted, measured, cuts.Cut(predicted.y, mean, error)


def _draw_cuts(axes, predicted, cut, flank):
    """Cuts along y over both flanks: theory as lines, simulation as dots with errors."""
    lines = flank_cuts(predicted.values, predicted.x, flank)
    axes.axhline(0.0, color=style.FADED, lw=0.5, zorder=0)
    # the first line and its dots are wider, to be seen where the second ones lie on them
    widths = ((1.9, 4.6), (0.8, 2.4))
    for line, width, (side, (label, colour)) in zip(
        lines, widths, cuts.FLANKS.items(), strict=True
    ):
        axes.plot(predicted.y, line, color=colour, lw=width[0], label=f"${label}$")
        mean, error = cut.mean[side], cut.stderr[side]
        axes.errorbar(predicted.y, mean, error, fmt=".", ms=width[1], lw=0.6, color=colour)
    axes.set_xlabel("$y$ (cells)")
    axes.set_ylabel(predicted.axis_label)
