"""Fig. 3 of arXiv:2512.00628: polar densities of pairs of nonpolar modes in a perovskite."""

from ferronhall.results.figures import style
from ferronhall.results.figures.density_panel import (
    cell_panel,
    dipole_columns,
    legend,
    modes_panel,
    pair_label,
    scaled_density,
    small_print,
)
from ferronhall.results.figures.output import DrawnFigure
from ferronhall.results.figures.structure import MODE_COLOURS

SIDE, HEIGHT, LEFT, BOTTOM, TOP = 1.7, 2.75, 0.08, 0.42, 0.3


def draw(perovskite_density):
    """The modes of a pair and the isosurfaces of its density, one panel a pair.

    perovskite_density : xarray.Dataset, as second_order.density_dataset makes it
    returns : DrawnFigure
    """
    data = [("atomic dipoles", dipole_columns(perovskite_density))]
    title = BOTTOM + HEIGHT + 0.08
    with style.context():
        figure = style.new_figure(BOTTOM + HEIGHT + TOP)
        figure.set_dpi(300)
        for letter, pair in zip("ab", perovskite_density["pair"].values.tolist(), strict=False):
            left = LEFT + "ab".index(letter) * (2 * SIDE + 0.1)
            bare = (0, 1, 0, 1)
            axes = style.canvas(figure, left, BOTTOM, SIDE, HEIGHT, bare)
            modes_panel(axes, perovskite_density, pair)
            axes = style.canvas(figure, left + SIDE, BOTTOM, SIDE, HEIGHT, bare)
            data.append((f"{letter}: {pair}", cell_panel(axes, perovskite_density, pair)))
            level = float(perovskite_density["isovalue"].sel(pair=pair))
            text = f"{pair_label(pair, perovskite_density)},  ±{scaled_density(level)}"
            style.note(figure, left, title, f"({letter})", weight="bold")
            style.note(figure, left + 0.25, title, text)
        names = ("displacements, first mode", "second mode")
        legend(figure, LEFT, 0.24, list(zip(MODE_COLOURS, names, strict=True)))
        small_print(figure, perovskite_density)
    return DrawnFigure(figure, data)
