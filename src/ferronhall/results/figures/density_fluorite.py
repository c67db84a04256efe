"""Fig. 2 of arXiv:2512.00628: polar densities of pairs of nonpolar modes in a fluorite."""

from ferronhall.results.figures import style
from ferronhall.results.figures.density_panel import (
    cell_panel,
    dipole_columns,
    legend,
    pair_label,
    scaled_density,
    site_panel,
    small_print,
)
from ferronhall.results.figures.output import DrawnFigure

SIDE, SITE_SIDE, LEFT, BOTTOM, GAP = 3.3, 2.4, 0.1, 0.42, 0.28


def draw(fluorite_density):
    """Isosurfaces in the cell (a, b) and of the odd part at the oxygen site (c, d).

    fluorite_density : xarray.Dataset, as second_order.density_dataset makes it
    returns : DrawnFigure
    """
    pairs = fluorite_density["pair"].values
    drawn = sorted(
        pairs[fluorite_density["isovalue"].notnull().values].tolist(),
        key=lambda pair: float(fluorite_density["isovalue"].sel(pair=pair)),
    )
    height = BOTTOM + SITE_SIDE + SIDE + 2 * GAP
    data = [("atomic dipoles", dipole_columns(fluorite_density))]
    with style.context():
        figure = style.new_figure(height)
        figure.set_dpi(300)
        for column, pair in enumerate(drawn):
            left = LEFT + column * (SIDE + 0.2)
            label = pair_label(pair, fluorite_density)
            for row, (panel, side, bottom, level) in enumerate(
                (
                    (cell_panel, SIDE, BOTTOM + SITE_SIDE + GAP, None),
                    (site_panel, SITE_SIDE, BOTTOM, fluorite_density.attrs["site_isovalue"]),
                )
            ):
                level = level or float(fluorite_density["isovalue"].sel(pair=pair))
                middle = left + (SIDE - side) / 2
                axes = style.canvas(figure, middle, bottom, side, side, (0, 1, 0, 1))
                columns = panel(axes, fluorite_density, pair)
                letter = "abcd"[2 * row + column]
                what = ", odd part at O" if row else ""
                style.note(figure, left, bottom + side + 0.06, f"({letter})", weight="bold")
                text = f"{label}{what},  ±{scaled_density(level)}"
                style.note(figure, left + 0.25, bottom + side + 0.06, text)
                data.append((f"{letter}: {pair}{what}", columns))
        legend(figure, LEFT, 0.24)
        small_print(figure, fluorite_density)
    return DrawnFigure(figure, data)
