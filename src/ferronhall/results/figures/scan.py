"""What each key does to the three transverse responses: a row of panels a key."""

import json

import matplotlib as mpl
import numpy as np
from matplotlib.lines import Line2D

from ferronhall.model.statistics import SUFFIX, WORDS, other
from ferronhall.results import average_crystal
from ferronhall.results.figures import style
from ferronhall.results.figures.output import DrawnFigure
from ferronhall.results.figures.quantities import Unit
from ferronhall.results.scan_rows import curves, has_curves, panels

COLUMNS = (
    (
        "angular_momentum_zero",
        "Phonon angular momentum",
        "L_z",
        Unit(r"$10^{-3}\,\hbar$", "1e-3 hbar", 1e-3),
    ),
    (
        "delta_kinetic_energy",
        "Phonon Hall response",
        r"\Delta_B \mathrm{KE}",
        Unit("µeV", "ueV", 1e-3),
    ),
    ("delta_polarization", "Ferron Hall response", r"\Delta_B P", Unit("µC/m²", "uC/m2", 1.0)),
)
CLOSURE = {"color": style.INK, "lw": 1.0, "marker": ".", "ms": 3.5}
HARMONIC = {"color": style.RIGHT, "lw": 0.9, "ls": "--"}
OTHER = {"color": style.LEFT, "lw": 0.9, "ls": "-."}

AXIS_LABELS = {
    "lattice.nx": "$n_x$ (cells)",
    "lattice.ny": "$n_y$ (cells)",
    "lattice.nz": "$n_z$ (cells)",
    "lattice.padding_y": "box along y over $n_y$",
    "temperature.T_hot_K": r"$T_\mathrm{hot}$ (K)",
    "damping.gamma_bulk_per_ps": r"$\gamma_\mathrm{bulk}$ (1/ps)",
    "damping.gamma_edge_per_ps": r"$\gamma_\mathrm{edge}$ (1/ps)",
    "damping.sponge_layers": "sponge (layers)",
    "short_range.preset": "short-range preset",
    "onsite.transverse_eV_per_A2": r"$\kappa_\perp$ (eV/Å²)",
    "temperature.shape": "flanks",
    "field.omega_B_rad_per_ps": r"$\Omega_B$ (rad/ps)",
}
"""Keys with a symbol; others stand as they are."""

LEFT, COLUMN, WIDTH, HEIGHT, TOP = 0.52, 2.32, 1.68, 0.98, 0.5
BELOW, BELOW_WORDS = 0.46, 0.92
"""Room below a row of panels: for numbers, and for words that are turned."""

LONGEST_WORD = 8
"""Letters of a word up to which the words of an axis stand side by side."""


def draw(scan):
    """Draw edge accumulations against every key of a scan.

    scan : xarray.Dataset
        Content of scan.nc.
    returns : DrawnFigure
    """
    rows = panels(scan)
    height = TOP + sum(HEIGHT + _below(points) for points in rows) + 0.22
    data = []
    with style.context():
        figure = style.new_figure(height)
        bottom = height - TOP
        for number, points in enumerate(rows):
            bottom -= HEIGHT
            for column, (name, title, label, unit) in enumerate(COLUMNS):
                left = LEFT + column * COLUMN
                axes = style.place(figure, left, bottom, WIDTH, HEIGHT)
                axes.axhline(0.0, color=style.FADED, lw=0.5, zorder=0)
                edges = points["edge"].sel(map=name) / unit.size
                for curve, lines in _curves(points, _lines(scan)):
                    _draw_lines(axes, curve, curve["edge"].sel(map=name) / unit.size, lines)
                _draw_published(axes, float(points["published"].sel(map=name)) / unit.size)
                axes.set_ylabel(f"edge ${label}$ ({unit.label})")
                if number == 0:
                    style.heading(figure, left - 0.44, height - 0.38, "abc"[column], title)
                if column == 0 and has_curves(points):
                    _name_curves(axes, points)
                header = f"edge {name} ({unit.ascii})"
                panel = f"{'abc'[column]}: {points['key'].values[0]}"
                data.append((panel, _columns(points, edges, header, _lines(scan))))
            bottom -= _below(points)
        alone = not all(map(has_curves, rows))
        _legend(figure, _lines(scan) if alone else _lines(scan)[:1])
        _small_print(figure, scan)
    return DrawnFigure(figure, data)


def _curves(points, lines):
    """Every curve of a panel with its lines: all approximations, or the first in a colour each."""
    found = curves(points)
    if not has_curves(points):
        return [(points, lines)]
    approximation, _, look = lines[0]
    shades = mpl.colormaps[style.SHADES](np.linspace(0.05, 0.85, len(found)))
    return [
        (curve, [(approximation, str(curve["each_value"].values[0]), look | {"color": shade})])
        for curve, shade in zip(found, shades, strict=True)
    ]


def _name_curves(axes, points):
    key = str(points["each_key"].values[0])
    title = AXIS_LABELS.get(key, key)
    found = [h for h in axes.get_legend_handles_labels()[0] if h.get_label() != "base"]
    look = {"fontsize": 5.5, "title_fontsize": 5.5, "borderpad": 0.2, "labelspacing": 0.2}
    axes.legend(handles=found, title=title, **look)


def _lines(scan):
    """Approximation, label and look of every line: closure, harmonic, the other statistics."""
    chosen = _statistics(scan)
    return (
        (f"closure{SUFFIX[chosen]}", f"Gaussian closure{WORDS[chosen]}", CLOSURE),
        (f"harmonic{SUFFIX[chosen]}", f"harmonic{WORDS[chosen]}", HARMONIC),
        (f"closure{SUFFIX[other(chosen)]}", f"closure, {other(chosen)}", OTHER),
    )


def _statistics(scan):
    return json.loads(scan.attrs["config"])["theory"]["statistics"]


def _legend(figure, lines):
    """What the lines mean, above the panels."""
    handles = [Line2D([], [], label=label, **look) for _, label, look in lines]
    handles.append(Line2D([], [], ms=5.5, label="base", **style.RING))
    figure.legend(handles=handles, loc="upper center", ncols=4, borderpad=0.2)


def _words(points):
    return bool(np.isnan(points["number"].values).any())


def _turned(points):
    return _words(points) and max(map(len, points["value"].values)) > LONGEST_WORD


def _below(points):
    return BELOW_WORDS if _turned(points) else BELOW


def _draw_lines(axes, points, edges, lines):
    """A curve in its approximations against the key, and crosses where the first has no result."""
    key, number = str(points["key"].values[0]), points["number"].values
    words = _words(points)
    position = np.arange(number.size) if words else number
    for approximation, label, look in lines:
        # words have no order that a line could follow
        looks = look | ({"ls": "none", "marker": look.get("marker", "_")} if words else {})
        axes.plot(position, edges.sel(approximation=approximation), label=label, **looks)
    base = points["base"].values
    first = edges.sel(approximation=lines[0][0]).values
    axes.plot(position[base], first[base], ms=5.5, label="base", **style.RING)
    axes.set_xlabel(AXIS_LABELS.get(key, key))
    if words:
        turned = {"rotation": 35, "ha": "right", "rotation_mode": "anchor"}
        axes.set_xticks(position, points["value"].values, **(turned if _turned(points) else {}))
        axes.set_xlim(-0.5, number.size - 0.5)
    _mark_failures(axes, points, position, lines[0][0])


def _draw_published(axes, size):
    """The published size, with either sign; NaN draws nothing and leaves the scale alone.

    Dotted, as no curve is.
    """
    low, high = axes.get_ylim()
    axes.set_ylim(low, high)
    for sign in (-1, 1):
        if low < sign * size < high:
            axes.axhline(sign * size, color=style.FADED, lw=0.7, ls=(0, (1, 2)), zorder=0)


def _mark_failures(axes, points, position, approximation):
    """Crosses at the foot of the panel where the closure has no result."""
    failed = points["failure"].sel(approximation=approximation).values != ""
    axes.plot(
        position[failed],
        np.full(failed.sum(), 0.06),
        ls="none",
        marker="x",
        ms=4,
        color=style.NEGATIVE,
        transform=axes.get_xaxis_transform(),
        clip_on=False,
    )


def _columns(points, edges, header, lines):
    columns = {name: points[name].values for name in ("key", "value", "each_key", "each_value")}
    if not has_curves(points):
        del columns["each_key"], columns["each_value"]
    for approximation, _, _ in lines:
        columns[f"{header}, {approximation}"] = edges.sel(approximation=approximation).values
    return columns | {"base": points["base"].values}


def _small_print(figure, scan):
    text = "circles mark the base;  dotted: published size, with either sign"
    if (scan["failure"] != "").any():
        text += ";  crosses: no steady state (tables/scan says why)"
    base = average_crystal.after(style.interactions(json.loads(scan.attrs["config"])), scan)
    style.small_print(figure, f"{scan.attrs['campaign']}:  {base}", text)
