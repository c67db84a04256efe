"""Line cuts of a map along y, one for each flank of the hot band, with one standard error."""

from dataclasses import dataclass

import numpy as np
from matplotlib.ticker import FixedLocator, MaxNLocator

from ferronhall.model.map_algebra import flank_cuts
from ferronhall.results.figures import style
from ferronhall.results.figures.maps import inner_ticks, normalization

FLANKS = {"left": ("x < 0", style.LEFT), "right": ("x > 0", style.RIGHT)}

MARKED = 41
"""Most layers for which each gets a dot."""

ESTABLISHED = 2.0
"""Standard errors from which a sign counts as seen."""

ZERO = "zero by symmetry"


@dataclass(frozen=True)
class Cut:
    """Mean of a map over the columns of each flank.

    y : ndarray, shape (ny,), cells
    mean, stderr : dict of ndarray, shape (ny,), keys "left" (x < 0) and "right" (x > 0)
    """

    y: np.ndarray
    mean: dict
    stderr: dict


def flank_cut(field, ensemble):
    """Cut of a Map along y over the flank columns, as the ensemble stage took it."""
    cut = ensemble[f"cut_{field.name}"]
    error = ensemble[f"cut_{field.name}_stderr"]
    return Cut(
        field.y,
        {side: cut.sel(side=side).values / field.unit.size for side in FLANKS},
        {side: error.sel(side=side).values / field.unit.size for side in FLANKS},
    )


def cut_of(field, flank):
    """Cut of a Map along y over the flank columns, from its own values.

    Cells of a cut move together, so the mean of their errors bounds that of the cut.
    """
    means = flank_cuts(field.values, field.x, flank)
    errors = flank_cuts(field.stderr, field.x, flank)
    return Cut(
        field.y, dict(zip(FLANKS, means, strict=True)), dict(zip(FLANKS, errors, strict=True))
    )


def draw_cut(axes, field, cut, upright=False):
    """Plot a Cut with its error bands; `upright` puts y on the vertical axis, as in the map."""
    marks = {"marker": ".", "ms": 2.2} if cut.y.size <= MARKED else {}
    fill = axes.fill_betweenx if upright else axes.fill_between
    for side, (label, colour) in FLANKS.items():
        mean, error = cut.mean[side], cut.stderr[side]
        fill(cut.y, mean - error, mean + error, color=colour, alpha=0.25, lw=0)
        order = (mean, cut.y) if upright else (cut.y, mean)
        axes.plot(*order, color=colour, label=f"${label}$", lw=0.9, **marks)
    along, across = (axes.yaxis, axes.xaxis) if upright else (axes.xaxis, axes.yaxis)
    along.set_major_locator(MaxNLocator(5, integer=True, steps=[1, 2, 5, 10]))
    set_along, set_across = (
        (axes.set_ylim, axes.set_xlim) if upright else (axes.set_xlim, axes.set_ylim)
    )
    set_along(cut.y[0] - 0.5, cut.y[-1] + 0.5)
    if field.positive:
        norm = normalization(field)
        low, high = norm.vmin, norm.vmax
    else:
        (axes.axvline if upright else axes.axhline)(0.0, color=style.FADED, lw=0.5, zorder=0)
        reach = max(np.max(np.abs(cut.mean[s]) + np.nan_to_num(cut.stderr[s])) for s in FLANKS)
        high = 1.08 * reach or 1.0
        low = -high
    set_across(low, high)
    across.set_major_locator(
        FixedLocator(inner_ticks(low, high, longest=5))
        if upright
        else MaxNLocator(4, steps=[1, 2, 5, 10])
    )


def cut_columns(field, cut):
    """Tidy columns of a Cut for the CSV."""
    sides = list(FLANKS)
    return {
        "flank": np.repeat(sides, cut.y.size),
        "y (cells)": np.tile(cut.y, len(sides)),
        field.header: np.concatenate([cut.mean[s] for s in sides]),
        field.stderr_header: np.concatenate([cut.stderr[s] for s in sides]),
    }


@dataclass(frozen=True)
class EdgeAccumulation:
    """Mean of sign(x)·sign(y)·X over the outer layers and the flanks, in the map's unit."""

    value: float
    stderr: float

    @property
    def significance(self):
        """|Value| over standard error; None for a single sample, which has no error."""
        return abs(self.value) / self.stderr if self.stderr > 0 else None

    @property
    def sign(self):
        """+1 or −1: that of the map at x > 0, y > 0; +1 for an exact zero."""
        return -1 if self.value < 0 else 1

    @property
    def established(self):
        """Whether the sign is seen: an exact zero has none, a single sample tells no error."""
        if self.significance is None:
            return self.value != 0
        return self.significance >= ESTABLISHED


def edge_accumulation(field, ensemble):
    """Edge accumulation of a Map, as the ensemble stage took it from the samples."""
    return EdgeAccumulation(
        float(ensemble[f"edge_{field.name}"]) / field.unit.size,
        float(ensemble[f"edge_{field.name}_stderr"]) / field.unit.size,
    )


def edge_text(field, accumulation, short=False):
    """The accumulation, its error and how many errors it is, for the reader of a panel.

    short : bool
        Two lines without the unit, to stand above a cut whose axis carries it.

    Where the symmetry makes the accumulation zero, that is what is said of it.
    """
    if not field.accumulates:
        return ZERO
    value, stderr, sigma = accumulation.value, accumulation.stderr, accumulation.significance
    unit = field.unit.label.replace("$10", r"$\times 10")
    if sigma is None:
        return f"{value:.2g}\n(no error)" if short else f"edges {value:.2g} {unit}, no error"
    exponent = int(np.floor(np.log10(stderr)))
    digits = max(0, -exponent if stderr >= 3 * 10.0**exponent else 1 - exponent)
    number = f"{value:.{digits}f} ± {stderr:.{digits}f}"
    number = number.replace("-", "−")
    if short:
        return f"{number}\n({sigma:.1f}σ)"
    verdict = f"{sigma:.1f}σ" if accumulation.established else "consistent with 0"
    return f"edges ({number}) {unit}, {verdict}"
