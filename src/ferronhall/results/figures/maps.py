"""A map panel: the slab seen along −z, x to the right, y up, one flat patch a cell."""

import numpy as np
from matplotlib.colors import Normalize
from matplotlib.ticker import FixedLocator, MaxNLocator

from ferronhall.results.figures import style
from ferronhall.results.figures.quantities import robust_limit
from ferronhall.results.figures.standard_errors import over_error

FULL, FULL_TOGETHER = 5.0, 4.0
"""Standard errors from which a cell has its full colour: by itself, and with its neighbours."""

SHADES = 8
"""Steps from the colour of zero to the full colour."""

SEQUENTIAL = {
    "kinetic_energy_zero": "inferno",
    "polarization_zero": "cividis",
    "temperature_zero": "inferno",
}


def panel_aspect(nx, ny):
    """Height over width of a map panel: the lattice's own, within what a page can show."""
    return float(np.clip(ny / nx, 0.7, 1.0))


def normalization(field):
    """Colour scale of a Map: symmetric about zero unless every value is positive."""
    if field.positive:
        low, high = np.quantile(field.values, [0.005, 0.995])
        return Normalize(low, high if high > low else low + 1.0)
    limit = robust_limit(field.values)
    return Normalize(-limit, limit)


def edges(centres):
    """Cell boundaries of equally spaced centres, one more than there are centres."""
    step = centres[1] - centres[0]
    return np.append(centres - step / 2, centres[-1] + step / 2)


def inner_ticks(low, high, longest=6):
    """Two round values away from the ends of an axis too short for more.

    longest : int
        Characters a label may have; when one has more, the shortest label stands alone.
    """
    ticks = MaxNLocator(7, steps=[1, 2, 5, 10]).tick_values(low, high)
    margin = 0.12 * (high - low)
    inner = [float(t) for t in ticks if low + margin < t < high - margin]
    ends = inner[:: max(len(inner) - 1, 1)]
    if any(len(f"{t:g}") > longest for t in ends):
        return [min(inner, key=lambda t: len(f"{t:g}"))]
    return ends


def strength(field):
    """Strength of every cell's colour, from 0 to 1, by what its error leaves of its value.

    returns : ndarray, shape (nx, ny), or None where every value is above zero or none has an error

    The square of its value in standard errors over FULL, or of the mean with its neighbours
    (weights 1 2 1 along either axis) in standard errors of that over FULL_TOGETHER, whichever is
    larger. Scatter is pale so; what is small but certain keeps its colour, and so does a weak
    pattern of many cells.
    """
    if field.positive or field.stderr is None or not np.nanmax(field.stderr, initial=0) > 0:
        return None
    ratio = over_error(field.values, field.stderr)
    together = _weighted(ratio, (1, 2, 1)) / np.sqrt(_weighted(np.ones(ratio.shape), (1, 4, 1)))
    largest = np.maximum(np.abs(ratio) / FULL, np.abs(together) / FULL_TOGETHER)
    return np.ceil(SHADES * np.clip(largest, 0, 1) ** 2) / SHADES


def _weighted(values, weights):
    """Sums over a cell and its neighbours with the same weights along both axes."""
    before, own, after = weights
    for _ in range(2):
        padded = np.pad(values, ((1, 1), (0, 0)))
        values = (before * padded[:-2] + own * padded[1:-1] + after * padded[2:]).T
    return values


def draw_map(axes, field):
    """Draw a Map with the dashed line at the hot band's centre, cells within their errors pale.

    returns : matplotlib.collections.QuadMesh
    """
    norm = normalization(field)
    mesh = axes.pcolormesh(
        edges(field.x),
        edges(field.y),
        field.values.T,
        cmap=SEQUENTIAL.get(field.name, "viridis") if field.positive else style.DIVERGING,
        norm=norm,
        shading="flat",
        edgecolors="face",
        linewidth=0.05,
    )
    shades = strength(field)
    if shades is not None:
        axes.set_facecolor(mesh.cmap(0.5))
        # the overlap of edges, which closes the gaps between cells, would show between pale ones
        mesh.set(alpha=shades.T, edgecolor="none")
    line = axes.axvline(0.0, color="white" if field.positive else style.INK, ls=(0, (4, 3)), lw=0.8)
    line.set_gid("hot-band-centre")
    axes.set_xlabel("$x$ (cells)")
    axes.set_ylabel("$y$ (cells)")
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True, steps=[1, 2, 5, 10]))
    return mesh


def label_scale(figure, right, top, field):
    """Quantity and unit of a map, ending at `right` (inches) above its colour bar."""
    style.note(figure, right, top, field.axis_label, ha="right", fontsize=6.5)


def draw_colour_bar(figure, axes, mesh, field):
    """Colour bar of a map in the given axes, upright when these are taller than wide."""
    box = axes.get_window_extent()
    upright = box.height > box.width
    values = field.values
    below = bool(values.min() < mesh.norm.vmin)
    above = bool(values.max() > mesh.norm.vmax)
    bar = figure.colorbar(
        mesh,
        cax=axes,
        orientation="vertical" if upright else "horizontal",
        extend="both" if below or above else "neither",
        extendfrac=0.04,
    )
    bar.solids.set(rasterized=False, edgecolor="face", linewidth=0.1)
    bar.outline.set_linewidth(0.5)
    crowded = field.positive and not upright
    bar.locator = (
        FixedLocator(inner_ticks(mesh.norm.vmin, mesh.norm.vmax))
        if crowded
        else MaxNLocator(4, steps=[1, 2, 5, 10])
    )
    bar.update_ticks()
    bar.ax.tick_params(size=1.8, width=0.5, labelsize=style.SMALL)
    if not upright:
        bar.ax.xaxis.set_ticks_position("top")
    return bar
