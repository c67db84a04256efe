"""Terms of the balances in a figure: cuts along y with errors, residuals over their errors."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from ferronhall.results.figures import style
from ferronhall.results.figures.quantities import Map
from ferronhall.results.figures.standard_errors import UNIT, consistent_with_zero, over_error


def at_zero_field(balances, name):
    """Values of a term without field."""
    return balances[name].sel(field=0)


def draw_term_cuts(axes, balances, looks, prefix=""):
    """Terms against y over the flank x > 0, from folded maps, with one standard error.

    Terms that are consistent with zero have "≈ 0" in their label.

    looks : dict of term → (label, colour, options of the line)
    prefix : "" at zero field, "delta_" for the field-odd parts
    returns : dict of columns for the CSV
    """
    y = balances["y"].values
    columns = {"y (cells)": y}
    axes.axhline(0.0, color=style.FADED, lw=0.5, zorder=0)
    for name, (label, colour, options) in looks.items():
        variable = balances[f"cut_{prefix}{name}"]
        values = variable.values
        errors = np.nan_to_num(balances[f"cut_{prefix}{name}_stderr"].values)
        axes.fill_between(y, values - errors, values + errors, color=colour, alpha=0.25, lw=0)
        # the folded cut repeats itself on the other side of the middle
        half = y >= 0
        zero = consistent_with_zero(values[half], errors[half], balances.attrs["sample_count"])
        label = f"{label} (≈ 0)" if zero else label
        axes.plot(y, values, color=colour, label=label, **{"lw": 0.9, **options})
        unit = variable.attrs["units"]
        columns |= {f"{name} ({unit})": values, f"{name} stderr ({unit})": errors}
    axes.set_xlim(y[0] - 0.5, y[-1] + 0.5)
    axes.set_xlabel("$y$ (cells)")
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True, steps=[1, 2, 5, 10]))
    return columns


def residual_map(balances, name, label):
    """A residual without field over its standard error, as a Map; 0 where there is no error."""
    residual, error = (at_zero_field(balances, f"{name}{s}").values for s in ("", "_stderr"))
    return Map(
        name=name,
        label=label,
        symbol=name,
        unit=UNIT,
        x=balances["x"].values,
        y=balances["y"].values,
        values=over_error(residual, error),
        stderr=None,
        accumulates=False,
        positive=False,
    )
