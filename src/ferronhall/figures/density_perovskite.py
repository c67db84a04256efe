"""Fig. 3 of Ref. N: polar electron densities of pairs of nonpolar modes in a perovskite."""

from ferronhall.figures import style
from ferronhall.figures.density_panel import (
    cell_panel,
    dipole_columns,
    legend,
    pair_label,
    scaled_density,
    small_print,
)
from ferronhall.figures.output import DrawnFigure

SIDE, LEFT, BOTTOM, GAP = 3.3, 0.1, 0.42, 0.28


def draw(perovskite_density):
    """Isosurfaces in the cell, one panel a pair of modes.

    perovskite_density : xarray.Dataset, as second_order.density_dataset makes it
    returns : DrawnFigure
    """
    data = [("atomic dipoles", dipole_columns(perovskite_density))]
    with style.context():
        figure = style.new_figure(BOTTOM + SIDE + GAP)
        figure.set_dpi(300)
        for column, pair in enumerate(perovskite_density["pair"].values.tolist()):
            left = LEFT + column * (SIDE + 0.2)
            axes = style.canvas(figure, left, BOTTOM, SIDE, SIDE, (0, 1, 0, 1))
            data.append((f"{'ab'[column]}: {pair}", cell_panel(axes, perovskite_density, pair)))
            level = float(perovskite_density["isovalue"].sel(pair=pair))
            text = f"{pair_label(pair, perovskite_density)},  ±{scaled_density(level)}"
            style.note(figure, left, BOTTOM + SIDE + 0.06, f"({'ab'[column]})", weight="bold")
            style.note(figure, left + 0.25, BOTTOM + SIDE + 0.06, text)
        legend(figure, LEFT, 0.24)
        small_print(figure, perovskite_density)
    return DrawnFigure(figure, data)
