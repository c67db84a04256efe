"""Domains that are no layers: a section of them at rest, and the ferron Hall response of each."""

import numpy as np

from ferronhall.model.response_maps import RESPONSE_MAPS
from ferronhall.results.figures import style
from ferronhall.results.figures.output import DrawnFigure

HEIGHT, BOTTOM, SIZE = 2.45, 0.62, 1.4
SIDES = {"left": style.LEFT, "right": style.RIGHT}


def draw(parameters, ensemble):
    """Draw ū_x/u0 in the middle of the slab, and Δ_B P along each cell's own domain on both flanks.

    parameters, ensemble : xarray.Dataset
        Content of the files of these names.
    returns : DrawnFigure
    """
    rest = parameters["rest_state"].sel(component="x") / float(parameters["u0"])
    section = rest.isel(x=parameters.sizes["x"] // 2).transpose("z", "y").values
    nz, y = len(section), ensemble["y"].values
    unit = RESPONSE_MAPS["delta_polarization"].unit
    with style.context():
        figure = style.new_figure(HEIGHT)
        style.heading(figure, 0.15, HEIGHT - 0.3, "a", "Static section across $x$")
        axes = style.place(figure, 0.55, BOTTOM, 2.3, SIZE)
        edges = (np.append(y, y[-1] + 1) - 0.5, np.arange(nz + 1) - 0.5)
        mesh = axes.pcolormesh(*edges, section, cmap=style.DIVERGING, vmin=-1, vmax=1)
        axes.set_xlabel("$y$ (cells)")
        axes.set_ylabel("$z$ (cells)")
        bar = figure.colorbar(mesh, cax=style.place(figure, 2.92, BOTTOM, 0.08, SIZE))
        bar.set_label(r"$\bar u_x/u_0$")
        grid = np.meshgrid(np.arange(nz), y, indexing="ij")
        columns = {"z (cells)": grid[0], "y (cells)": grid[1], "u/u0": section}
        data = [("a: section at rest", {name: np.ravel(v) for name, v in columns.items()})]
        style.heading(figure, 3.75, HEIGHT - 0.3, "b", "Ferron Hall response along the domains")
        axes = style.place(figure, 4.25, BOTTOM, 2.55, SIZE)
        columns = {"y (cells)": y}
        for side, colour in SIDES.items():
            cut = ensemble["cut_delta_domain_polarization"].sel(side=side)
            error = ensemble["cut_delta_domain_polarization_stderr"].sel(side=side)
            label = f"$x {'<' if side == 'left' else '>'} 0$"
            axes.errorbar(y, cut, error, color=colour, marker=".", ms=3, lw=0.8, label=label)
            columns |= {f"Delta_B P along the domain, {side} ({unit})": cut.values}
            columns |= {f"its standard error, {side} ({unit})": error.values}
        axes.axhline(0.0, color=style.FADED, lw=0.5, zorder=0)
        axes.set_xlabel("$y$ (cells)")
        axes.set_ylabel(r"$\Delta_B P$ along the domain (µC/m$^2$)")
        axes.legend(loc="best")
        data.append(("b: cuts over the flanks", columns))
        style.campaign_note(figure, parameters, ensemble)
    return DrawnFigure(figure, data)
