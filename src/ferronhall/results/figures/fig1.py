"""Fig. 1: the geometry of the ferron Hall effect, as the campaign was set up and came out."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from ferronhall.model.mirrors import Mirrors
from ferronhall.model.response_maps import RESPONSE_MAPS
from ferronhall.results.figures import quantities, style
from ferronhall.results.figures.cuts import edge_accumulation, edge_text
from ferronhall.results.figures.ions import draw_arrow, sign_colour
from ferronhall.results.figures.output import DrawnFigure
from ferronhall.results.figures.slab import Slab, draw_tripod
from ferronhall.results.figures.view import View

VIEW = View(elevation=33.0, azimuth=14.0)
EXTENT = (-1.26, 1.24, -0.80, 1.0)
SCALE = 1.84


def draw(parameters, ensemble):
    """Draw the slab with its drive, field and response, and the profiles T(x) and γ(y).

    parameters, ensemble : xarray.Dataset
        Content of parameters.nc, and of ensemble.nc, whose edge accumulation gives δP its sign.
    returns : DrawnFigure
    """
    x, y = parameters["x"].values, parameters["y"].values
    # of a T(x, y) the mean over the layers
    damping, profile = parameters["damping"].values, parameters["temperature"]
    temperature = (profile.mean("y") if "y" in profile.dims else profile).values
    with style.context():
        height = SCALE * (EXTENT[3] - EXTENT[2]) + 0.12
        figure = style.new_figure(height)
        axes = style.canvas(
            figure, 0.02, 0.06, SCALE * (EXTENT[1] - EXTENT[0]), height - 0.12, EXTENT
        )
        _draw_geometry(axes, parameters, ensemble, temperature)
        style.note(figure, 0.06, height - 0.17, "(a)", weight="bold", fontsize=8)

        left, width = 5.22, 1.70
        panel = (height - 1.25) / 2
        top = style.place(figure, left, height - 0.25 - panel, width, panel)
        _profile(top, x, temperature, "$x$ (cells)", "$T$ (K)", style.POSITIVE)
        top.axvline(0.0, color=style.INK, ls=(0, (4, 3)), lw=0.8)
        style.note(figure, left - 0.42, height - 0.17, "(b)", weight="bold", fontsize=8)
        bottom = style.place(figure, left, 0.42, width, panel)
        _profile(bottom, y, damping, "$y$ (cells)", r"$\gamma$ (ps$^{-1}$)", style.NEGATIVE)
        style.note(figure, left - 0.42, 0.42 + panel + 0.08, "(c)", weight="bold", fontsize=8)
    data = [
        ("b: temperature", {"x (cells)": x, "T (K)": temperature}),
        ("c: damping", {"y (cells)": y, "gamma (1/ps)": damping}),
    ]
    return DrawnFigure(figure, data)


def _profile(axes, coordinate, values, label, value_label, colour):
    axes.plot(coordinate, values, color=colour, marker="o", ms=1.8, lw=1.0)
    axes.fill_between(coordinate, 0, values, color=colour, alpha=0.12, lw=0)
    axes.set_xlim(coordinate[0] - 0.5, coordinate[-1] + 0.5)
    axes.set_ylim(0, 1.12 * values.max() or 1.0)
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True, steps=[1, 2, 5, 10]))
    axes.set_xlabel(label)
    axes.set_ylabel(value_label)


def _draw_geometry(axes, parameters, ensemble, temperature):
    attrs = parameters.attrs
    slab = Slab(_half_widths(attrs), VIEW)
    span = max(float(np.ptp(temperature)), 1e-12)
    slab.draw(axes, style.TEMPERATURE((temperature - temperature.min()) / span))
    for flank in (-1, 1):
        slab.arrow(axes, (flank * 0.22, 0.16), (flank * 0.72, 0.16), style.INK, width=2.0, head=11)
        slab.arrow(axes, (flank * 0.72, -0.2), (flank * 0.22, -0.2), style.FADED, width=1.3, head=8)
        _text(axes, slab, (flank * 0.80, 0.16), "$J$", fontsize=9)
        _text(axes, slab, (flank * 0.84, -0.2), r"$\nabla T$", color="#5a5a5a", fontsize=8.5)
    _draw_field(axes, slab, np.asarray(attrs["field_direction"], float))
    if RESPONSE_MAPS["delta_polarization"].gathers(Mirrors.of_dataset(parameters)):
        _draw_response(axes, slab, ensemble)
    _text(axes, slab, (0.0, -1.0, -0.1), f"{attrs['T_hot_K']:g} K", color="white", weight="bold")
    _text(axes, slab, (-0.75, -1.0, -0.1), f"{attrs['T_cold_K']:g} K")
    if not slab.domains(axes, parameters):
        start, end = (0.36, -1, -0.1), (0.68, -1, -0.1)
        slab.arrow(axes, start, end, style.FERROELECTRIC, width=2.2, head=11)
        _text(axes, slab, (0.77, -1, -0.1), "$P_0$", color=style.FERROELECTRIC, fontsize=9)
    _labels(axes, slab, attrs)


def _half_widths(attrs):
    """Half-widths of the drawn box: the lattice's, with extreme aspect ratios compressed."""
    nx, ny, nz = (attrs[k] for k in ("nx", "ny", "nz"))
    return (1.0, float(np.clip(ny / nx, 0.5, 1.0)), float(np.clip(nz / nx, 0.10, 0.2)))


def _text(axes, slab, point, text, **options):
    settings = {"ha": "center", "va": "center", "color": style.INK, "zorder": 80, **options}
    axes.text(*slab.screen(*point), text, **settings)


def _draw_field(axes, slab, direction):
    """The field through the slab's middle, along its direction as seen from the camera."""
    direction = direction / np.linalg.norm(direction)
    base = slab.screen(0.0, 0.55)
    tip = base + slab.view.screen(0.5 * direction)
    draw_arrow(axes, base, tip, style.FIELD, zorder=70, width=3.0, head=15)
    axes.text(tip[0] + 0.05, tip[1] - 0.03, "$B$", color=style.FIELD, fontsize=11, weight="bold")


def _draw_response(axes, slab, ensemble):
    """±δP at both faces on both flanks, odd in x and y, with the sign that the campaign found."""
    field = quantities.field_odd(ensemble, "polarization")
    edges = edge_accumulation(field, ensemble)
    for flank in (-1, 1):
        for face in (-1, 1):
            sign = edges.sign * flank * face
            colour = sign_colour(sign, edges.established)
            row = 0.78 * face
            centre, reach = 0.42 * flank, 0.15 * sign
            slab.arrow(
                axes,
                (centre - reach, row),
                (centre + reach, row),
                colour,
                width=2.4,
                head=11,
            )
            label = rf"${'+' if sign > 0 else '-'}\delta P$"
            _text(axes, slab, (centre + 0.27 * flank, row), label, color=colour, fontsize=8.5)
    source = f"sign of $\\delta P$ as simulated: {edge_text(field, edges)}"
    foot = (EXTENT[1] - 0.06, EXTENT[2] + 0.03)
    axes.text(*foot, source, ha="right", color=style.FADED, fontsize=style.SMALL)


def _labels(axes, slab, attrs):
    along = np.degrees(np.arctan2(*(slab.screen(1, 1) - slab.screen(-1, 1))[::-1]))
    edge = {"rotation": along, "rotation_mode": "anchor", "fontsize": 6.5}
    _text(axes, slab, (0.7, 1.05), "open face", va="bottom", **edge)
    _text(axes, slab, (0.7, -1.0, -1.15), "open face", va="top", **edge)
    lattice = f"{attrs['nx']} × {attrs['ny']} × {attrs['nz']} cells, periodic along $x$ and $z$"
    axes.text(EXTENT[0] + 0.14, EXTENT[3] - 0.06, lattice, color=style.INK)
    draw_tripod(axes, slab.view, (EXTENT[0] + 0.12, EXTENT[2] + 0.10), 0.2)
