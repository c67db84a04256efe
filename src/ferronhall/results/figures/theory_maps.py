"""The three transverse responses without noise, with line cuts of every approximation."""

from ferronhall.model.map_algebra import flank_cuts
from ferronhall.model.statistics import SUFFIX, WORDS
from ferronhall.results.figures import quantities, style
from ferronhall.results.figures.maps import draw_colour_bar, draw_map, label_scale, panel_aspect
from ferronhall.results.figures.output import DrawnFigure

PANELS = (
    ("a", "angular_momentum", quantities.zero_field, "Phonon angular momentum"),
    ("b", "kinetic_energy", quantities.field_odd, "Phonon Hall response"),
    ("c", "polarization", quantities.field_odd, "Ferron Hall response"),
)
LINES = (
    ("", "Gaussian closure", {"color": style.INK, "lw": 1.1}),
    ("_harmonic", "harmonic", {"color": style.RIGHT, "lw": 0.9, "ls": "--"}),
    ("_local", "local formula (S53)", {"color": style.LEFT, "lw": 0.9, "ls": ":"}),
)

COLUMN, LEFT, WIDTH, CUT_HEIGHT = 2.32, 0.44, 1.42, 1.0


def draw(parameters, theory):
    """Draw L_z without field and the field-odd kinetic energy and polarization of the theory.

    parameters, theory : xarray.Dataset
        Content of parameters.nc and theory.nc.
    returns : DrawnFigure

    Of the two statistics of the bath it shows that of theory.statistics.
    """
    statistics = theory.attrs["statistics"]
    ending, words = SUFFIX[statistics], WORDS[statistics]
    map_height = WIDTH * panel_aspect(theory.sizes["x"], theory.sizes["y"])
    map_bottom = 0.52 + CUT_HEIGHT + 0.75
    height = map_bottom + map_height + 0.36
    data = []
    with style.context():
        figure = style.new_figure(height)
        for column, (letter, observable, choose, title) in enumerate(PANELS):
            left = 0.02 + column * COLUMN + LEFT
            field = choose(theory, observable, ending)
            style.heading(figure, left - 0.42, height - 0.17, letter, title)
            mesh = draw_map(style.place(figure, left, map_bottom, WIDTH, map_height), field)
            bar = style.place(figure, left + WIDTH + 0.05, map_bottom, 0.07, map_height)
            draw_colour_bar(figure, bar, mesh, field)
            label_scale(figure, left + WIDTH + 0.40, map_bottom + map_height + 0.05, field)
            axes = style.place(figure, left, 0.52, WIDTH + 0.12, CUT_HEIGHT)
            axes.axhline(0.0, color=style.FADED, lw=0.5, zorder=0)
            data.append((f"{letter}: map", field.columns()))
            for approximation, name, look in LINES:
                suffix, label = approximation + ending, name + words
                if _variable(choose, observable, suffix) not in theory:
                    continue
                line = quantities.in_unit_of(choose(theory, observable, suffix), field)
                cut = flank_cuts(line.values, field.x, parameters["flank"].values)[1]
                axes.plot(field.y, cut, label=label, **look)
                columns = {"y (cells)": field.y, field.header: cut}
                data.append((f"{letter}: cut at x > 0, {label}", columns))
            axes.set_xlabel("$y$ (cells)")
            axes.set_ylabel(field.axis_label)
            axes.set_title("right flank, $x > 0$", fontsize=style.SMALL, pad=2.5)
            if observable == "polarization":
                # in a strip of its own, where no line can run through it
                place = (0.5, (0.52 + CUT_HEIGHT + 0.17) / height)
                handles = axes.get_legend_handles_labels()
                figure.legend(*handles, loc="lower center", bbox_to_anchor=place, ncols=3)
        style.theory_note(figure, parameters, theory)
    return DrawnFigure(figure, data)


def _variable(choose, observable, suffix):
    prefix = "delta_" if choose is quantities.field_odd else ""
    return f"{prefix}{observable}{suffix}"
