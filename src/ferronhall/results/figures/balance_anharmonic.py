"""Why the polarization shifts: its field-odd part, cell by cell, against what the well expects."""

import numpy as np

from ferronhall.model.mirrors import Mirrors
from ferronhall.results.figures import style
from ferronhall.results.figures.output import DrawnFigure

PANELS = (
    ("a", "polarization_fluctuation", "Fluctuations (S55)"),
    ("b", "polarization_kinetic", "Kinetic energy (S58)"),
)

COLUMN, LEFT, WIDTH, BOTTOM = 3.48, 0.62, 2.5, 0.54


def draw(parameters, balances):
    """Draw Δ_B P of every cell against both expectations, with the slopes.

    parameters, balances : xarray.Dataset
        Content of the files of these names.
    returns : DrawnFigure

    Of a folded map odd in x and in y one quarter of the slab holds everything, else one half.
    """
    mirrors = Mirrors.of_dataset(balances)
    x, y = (np.sign(balances[axis].values) for axis in "xy")
    cells = np.outer(x > 0, y > 0) if mirrors.single else np.add.outer(2 * x, y) > 0
    found, found_error = _folded(balances, "polarization", cells)
    height = BOTTOM + WIDTH + 0.52
    data = []
    with style.context():
        figure = style.new_figure(height)
        for column, (letter, name, title) in enumerate(PANELS):
            left = 0.02 + column * COLUMN + LEFT
            style.heading(figure, left - 0.44, height - 0.17, letter, title)
            expected, error = _folded(balances, name, cells)
            axes = style.place(figure, left, BOTTOM, WIDTH, WIDTH)
            axes.errorbar(
                expected,
                found,
                found_error,
                error,
                fmt=".",
                ms=2.2,
                lw=0.35,
                color=style.FERROELECTRIC,
                ecolor=style.FADED,
            )
            reach = 1.08 * max(np.abs(expected).max(), np.abs(found).max()) or 1.0
            ends = np.array([-reach, reach])
            axes.plot(ends, ends, color=style.FADED, lw=0.6, ls="--")
            slope, stderr = (float(balances[k].sel(shift=name)) for k in ("slope", "slope_stderr"))
            title = "no slope from fewer than three samples"
            if mirrors.field_even:
                title = "zero by symmetry"
            if np.isfinite(slope):
                axes.plot(ends, slope * ends, color=style.INK, lw=0.8)
                title = f"slope {slope:.3f} ± {stderr:.3f}"
            axes.set_title(title, fontsize=style.SMALL, pad=2.5)
            axes.set_xlim(*ends)
            axes.set_ylim(*ends)
            axes.set_xlabel(r"expected $\Delta_B P$ (µC/m²)")
            axes.set_ylabel(r"$\Delta_B P$ (µC/m²)")
            columns = {
                "expected (uC/m2)": expected,
                "expected stderr (uC/m2)": error,
                "Delta_B P (uC/m2)": found,
                "Delta_B P stderr (uC/m2)": found_error,
            }
            data.append((f"{letter}: cells", columns))
        style.campaign_note(figure, parameters, balances)
    return DrawnFigure(figure, data)


def _folded(balances, name, cells):
    """Folded field-odd map and its standard errors, of some cells."""
    variable = f"delta_{name}_folded"
    error = balances[f"{variable}_stderr"].values[cells]
    return balances[variable].values[cells], np.nan_to_num(error)
