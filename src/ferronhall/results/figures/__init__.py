"""The campaign's figures, one module each, found by name so that one never imports another."""

from importlib import import_module

from ferronhall.results.figures.output import DrawnFigure, save

__all__ = ["DrawnFigure", "draw", "save"]


def draw(name, **datasets):
    """Draw the figure called `name`: the `draw` function of its module.

    datasets : xarray.Dataset by name
        Those that paths.FIGURES lists for the figure.
    returns : DrawnFigure
    """
    return import_module(f"ferronhall.results.figures.{name}").draw(**datasets)
