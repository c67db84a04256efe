"""The campaign's figures, one module each, found by name so that one never imports another."""

from functools import partial
from importlib import import_module

from ferronhall.figures.output import DrawnFigure, save

__all__ = ["FIGURES", "MODULES", "DrawnFigure", "draw", "save"]

MODULES = {
    "fig1": "ferronhall.figures.fig1",
    "fig2": "ferronhall.figures.fig2",
    "fig3": "ferronhall.figures.fig3",
    "figS2": "ferronhall.figures.figS2",
}


def draw(name, parameters, ensemble=None):
    """Draw the figure called `name`: the `draw` function of its module in `MODULES`.

    parameters : xarray.Dataset
        Content of parameters.nc.
    ensemble : xarray.Dataset or None
        Content of ensemble.nc; fig1 and fig2 do without.
    returns : DrawnFigure
    """
    return import_module(MODULES[name]).draw(parameters, ensemble)


FIGURES = {name: partial(draw, name) for name in MODULES}
