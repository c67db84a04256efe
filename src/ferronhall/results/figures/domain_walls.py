"""The static profile across the slab, and cuts of the three Hall responses, with walls marked."""

from ferronhall.model.domains import domain_signs, walls_of_dataset
from ferronhall.model.map_algebra import flank_cuts
from ferronhall.results.figures import quantities, style
from ferronhall.results.figures.cuts import flank_cut
from ferronhall.results.figures.output import DrawnFigure

PANELS = (
    ("b", "angular_momentum", quantities.zero_field, "Phonon angular momentum"),
    ("c", "kinetic_energy", quantities.field_odd, "Phonon Hall response"),
    ("d", "polarization", quantities.field_odd, "Ferron Hall response"),
)
COLUMN, LEFT, WIDTH, HEIGHT = 3.5, 0.55, 2.75, 1.35
BOTTOM, ROW = 0.55, 1.95


def draw(parameters, domain_walls, theory, ensemble):
    """Draw ū(y)/u0, and L_z without field, Δ_B KE and Δ_B P across the right flank.

    parameters, domain_walls, theory, ensemble : xarray.Dataset
        Content of the files of these names.
    returns : DrawnFigure
    """
    walls, y = walls_of_dataset(parameters), theory["y"].values
    with style.context():
        figure = style.new_figure(BOTTOM + ROW + HEIGHT + 0.4)
        axes = _panel(figure, 0, "a", "Static profile", walls, y)
        profile = domain_walls["rest"].values / float(parameters["u0"])
        axes.plot(y, profile, color=style.INK, marker="o", ms=2.4, lw=0.9)
        axes.set_ylabel(r"$\bar u_x/u_0$")
        data = [("a: static profile", {"y (cells)": y, "u/u0": profile})]
        for n, (letter, observable, choose, title) in enumerate(PANELS, 1):
            axes = _panel(figure, n, letter, title, walls, y)
            predicted, measured = quantities.together(
                choose(theory, observable), choose(ensemble, observable)
            )
            flank = parameters["flank"].values
            line = flank_cuts(predicted.values, predicted.x, flank)[1]
            cut = flank_cut(measured, ensemble)
            dots, error = cut.mean["right"], cut.stderr["right"]
            axes.plot(y, line, color=style.INK, lw=1.0, label=style.theory_name(theory))
            looks = {"fmt": ".", "ms": 3.0, "lw": 0.7, "color": style.RIGHT}
            axes.errorbar(y, dots, error, label="simulation", **looks)
            axes.set_ylabel(measured.axis_label)
            if n == 1:
                axes.legend(loc="best", borderpad=0.1, handletextpad=0.4, labelspacing=0.2)
            columns = {
                "y (cells)": y,
                predicted.header: line,
                f"simulated {measured.header}": dots,
                f"simulated {measured.stderr_header}": error,
            }
            data.append((f"{letter}: cut at x > 0", columns))
        style.campaign_note(figure, parameters, ensemble)
    return DrawnFigure(figure, data)


def _panel(figure, number, letter, title, walls, y):
    """Axes of a cut along y, domains along −x shaded and walls dashed."""
    left = 0.02 + (number % 2) * COLUMN + LEFT
    bottom = BOTTOM + (1 - number // 2) * ROW
    style.heading(figure, left - 0.45, bottom + HEIGHT + 0.1, letter, title)
    axes = style.place(figure, left, bottom, WIDTH, HEIGHT)
    for layer, sign in zip(y, domain_signs(walls, y.size), strict=True):
        if sign < 0:
            axes.axvspan(layer - 0.5, layer + 0.5, color=style.FADED, alpha=0.15, lw=0)
    for wall in walls:
        axes.axvline(wall - y.size / 2, color=style.FERROELECTRIC, lw=0.7, ls="--", zorder=0)
    axes.axhline(0.0, color=style.FADED, lw=0.5, zorder=0)
    axes.set_xlim(y[0] - 0.5, y[-1] + 0.5)
    axes.set_xlabel("$y$ (cells)")
    return axes
