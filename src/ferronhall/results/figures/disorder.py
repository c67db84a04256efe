"""The Hall responses of an uneven crystal over those of the even one, by concentration."""

from ferronhall.model.observables import OBSERVABLES
from ferronhall.model.response_maps import HALL_RESPONSES, RESPONSE_MAPS
from ferronhall.results.figures import style
from ferronhall.results.figures.output import DrawnFigure

COLUMN, LEFT, WIDTH, HEIGHT = 2.32, 0.56, 1.66, 1.45


def draw(parameters, disorder, theory, ensemble):
    """Draw the edge accumulations over those of the crystal of which no cell is changed.

    parameters, disorder, theory, ensemble : xarray.Dataset
        Content of the files of these names.
    returns : DrawnFigure
    """
    strength, data = disorder["strength"].values, []
    with style.context():
        figure = style.new_figure(HEIGHT + 1.2)
        for column, name in enumerate(HALL_RESPONSES):
            response, at = RESPONSE_MAPS[name], disorder.sel(map=name)
            axes = style.place(figure, 0.02 + column * COLUMN + LEFT, 0.62, WIDTH, HEIGHT)
            letter, label = "abc"[column], OBSERVABLES[response.observable].in_figures
            prefix = r"\Delta_B " if response.delta else ""
            left = 0.02 + column * COLUMN + LEFT - 0.42
            style.heading(figure, left, HEIGHT + 0.82, letter, f"Edge ${prefix}{label}$")
            even = float(at["edge_average"][0])
            average, mean, error = (
                at[key].values / even for key in ("edge_average", "edge_mean", "edge_mean_stderr")
            )
            closure, found, scatter = (
                float(v) / even
                for v in (
                    theory[f"edge_{name}"],
                    ensemble[f"edge_{name}"],
                    ensemble[f"edge_{name}_stderr"],
                )
            )
            axes.axhline(1.0, color=style.FADED, lw=0.5, zorder=0)
            axes.plot(strength, average, "--", color=style.FADED, lw=0.8, label="average crystal")
            axes.plot([1.0], [closure], "_", color=style.FADED, ms=7, label="the same, closure")
            bars = {"fmt": "o-", "ms": 2.5, "lw": 0.8, "capsize": 1.5, "color": style.NEGATIVE}
            axes.errorbar(strength, mean, abs(error), label="realisations, no noise", **bars)
            bars |= {"fmt": "s", "color": style.POSITIVE, "mfc": "none"}
            axes.errorbar([1.0], [found], [abs(scatter)], label="simulation", **bars)
            axes.set_xlabel("part of the concentrations")
            if column == 0:
                axes.set_ylabel("over the even crystal")
                axes.legend(loc="best", fontsize=5)
            columns = {
                "part of the concentrations": strength,
                "average over even crystal": average,
                "realisations over even crystal": mean,
                "standard error of realisations": abs(error),
            }
            data.append((letter, columns))
            simulated = {
                "part of the concentrations": [1.0],
                "closure of the average over even crystal": [closure],
                "simulation over even crystal": [found],
                "standard error of the simulation": [abs(scatter)],
            }
            data.append((f"{letter}: simulation", simulated))
        style.setting_note(figure, parameters, "errors over realisations of the disorder")
    return DrawnFigure(figure, data)
