"""The transverse responses without noise under classical and under quantum statistics."""

from ferronhall.model.statistics import CLASSICAL, QUANTUM, SUFFIX
from ferronhall.results.figures import quantities, style
from ferronhall.results.figures.maps import draw_colour_bar, draw_map, label_scale, panel_aspect
from ferronhall.results.figures.output import DrawnFigure

COLUMNS = (
    ("angular_momentum", quantities.zero_field, "Angular momentum"),
    ("kinetic_energy", quantities.field_odd, "Phonon Hall"),
    ("polarization", quantities.field_odd, "Ferron Hall"),
)
COLUMN, LEFT, WIDTH, BETWEEN = 2.32, 0.44, 1.42, 0.78


def draw(parameters, theory):
    """Draw L_z without field and the field-odd kinetic energy and polarization, twice.

    parameters, theory : xarray.Dataset
        Content of parameters.nc and theory.nc.
    returns : DrawnFigure
    """
    map_height = WIDTH * panel_aspect(theory.sizes["x"], theory.sizes["y"])
    height = 2 * map_height + BETWEEN + 0.98
    data = []
    with style.context():
        figure = style.new_figure(height)
        for row, (statistics, bottom) in enumerate(
            ((CLASSICAL, 0.56 + map_height + BETWEEN), (QUANTUM, 0.56))
        ):
            for column, (observable, choose, title) in enumerate(COLUMNS):
                letter, left = "abcdef"[3 * row + column], 0.02 + column * COLUMN + LEFT
                field = choose(theory, observable, SUFFIX[statistics])
                top = bottom + map_height
                style.heading(figure, left - 0.42, top + 0.19, letter, f"{title}, {statistics}")
                mesh = draw_map(style.place(figure, left, bottom, WIDTH, map_height), field)
                bar = style.place(figure, left + WIDTH + 0.05, bottom, 0.07, map_height)
                draw_colour_bar(figure, bar, mesh, field)
                label_scale(figure, left + WIDTH + 0.40, top + 0.05, field)
                data.append((f"{letter}: {statistics}", field.columns()))
        style.theory_note(figure, parameters, theory)
    return DrawnFigure(figure, data)
