"""Fig. 2: the three lattice Hall effects, a schematic whose signs the campaign has computed.

It shows the flank x > 0, where the current flows along +x. Carriers bend towards the face where the
kinetic energy rises.
"""

from itertools import pairwise

import numpy as np

from ferronhall.model.mirrors import Mirrors
from ferronhall.model.response_maps import RESPONSE_MAPS
from ferronhall.results.figures import quantities, style
from ferronhall.results.figures.cell import COLOURS
from ferronhall.results.figures.cuts import edge_accumulation, edge_text
from ferronhall.results.figures.ions import draw_arrow, draw_orbit, draw_sphere, sign_colour
from ferronhall.results.figures.output import DrawnFigure
from ferronhall.results.figures.slab import Slab
from ferronhall.results.figures.view import View

VIEW = View(elevation=40.0, azimuth=10.0)
SLAB = Slab((1.45, 0.62, 0.07), VIEW)
EXTENT = (-1.75, 1.75, -0.82, 0.74)
SCALE = 1.12
GREY = "#5a5a5a"

EFFECTS = (
    (
        "Phonon angular momentum Hall effect",
        "no symmetry broken",
        "angular_momentum",
        quantities.zero_field,
    ),
    (
        "Phonon Hall effect",
        r"$\mathcal{T}$ broken by $B$",
        "kinetic_energy",
        quantities.field_odd,
    ),
    (
        "Ferron Hall effect",
        r"$\mathcal{T}$ broken by $B$, $\mathcal{P}$ broken by $P_0$",
        "polarization",
        quantities.field_odd,
    ),
)
"""Title, broken symmetry, and the response: observable and which of its maps."""

TABLE = {
    "effect": np.array([title for title, *_ in EFFECTS]),
    "transverse channel": np.array(
        ["phonon angular momentum L_z", "heat (kinetic energy)", "longitudinal polarization P"]
    ),
    "broken symmetry": np.array(["none", "time reversal", "time reversal and inversion"]),
    "odd in": np.array(["gradient", "gradient and field", "gradient and field"]),
    "even in": np.array(["field", "", ""]),
}


def draw(parameters, ensemble):
    """Draw the three effects above one another.

    parameters, ensemble : xarray.Dataset
        Content of parameters.nc, for the field's direction, and of ensemble.nc, whose edge
        accumulations give the responses their signs.
    returns : DrawnFigure

    A response is left out where the field's direction makes no map odd in x and in y.
    """
    direction = np.asarray(parameters.attrs["field_direction"], float)
    fields = [choose(ensemble, observable) for *_, observable, choose in EFFECTS]
    edges = [edge_accumulation(field, ensemble) for field in fields]
    towards = edges[1].sign
    with style.context():
        panel = SCALE * (EXTENT[3] - EXTENT[2])
        row = panel + 0.22
        width = SCALE * (EXTENT[1] - EXTENT[0])
        figure = style.new_figure(3 * row + 0.04, width=width)
        for n, ((title, broken, *_), drawing) in enumerate(zip(EFFECTS, DRAWINGS, strict=True)):
            bottom = (2 - n) * row + 0.03
            axes = style.canvas(figure, 0.0, bottom, width, panel, EXTENT)
            _driven_slab(axes)
            if RESPONSE_MAPS[fields[n].name].gathers(Mirrors.of_dataset(ensemble)):
                drawing(axes, edges[n], towards)
            if drawing is _ferrons:
                SLAB.domains(axes, parameters)
            if n > 0:
                _draw_field(axes, direction)
            top = bottom + panel + 0.03
            style.note(figure, 0.06, top, f"({'abc'[n]})", weight="bold", fontsize=8)
            style.note(figure, 0.30, top, title, fontsize=7.5)
            style.note(figure, width - 0.06, top, broken, ha="right", fontsize=6.5, color=GREY)
            found = f"{parameters.attrs['campaign']}: {edge_text(fields[n], edges[n])}"
            style.note(figure, 0.30, top - 0.13, found, fontsize=style.SMALL, color=style.FADED)
    computed = {
        "unit": np.array([field.unit.ascii for field in fields]),
        "edge accumulation": np.array([edge.value for edge in edges]),
        "standard error": np.array([edge.stderr for edge in edges]),
    }
    return DrawnFigure(figure, [("schematic", TABLE | computed)])


def _driven_slab(axes):
    SLAB.draw(axes, style.TEMPERATURE(np.linspace(1, 0, 60)))
    _text(axes, (-0.80, -1.0, -3.2), "hot")
    _text(axes, (0.86, -1.0, -3.2), "cold")
    SLAB.arrow(axes, (0.18, -1.0, -3.2), (-0.30, -1.0, -3.2), style.FADED, width=1.3, head=8)
    _text(axes, (0.30, -1.0, -3.2), r"$\nabla T$", color=GREY, fontsize=8)


def _text(axes, point, text, **options):
    settings = {"ha": "center", "va": "center", "color": style.INK, "zorder": 80, **options}
    axes.text(*SLAB.screen(*point), text, **settings)


def _draw_field(axes, direction):
    base = SLAB.screen(-0.80, 0.30)
    tip = base + VIEW.screen(0.52 * direction / np.linalg.norm(direction))
    draw_arrow(axes, base, tip, style.FIELD, zorder=75, width=2.6, head=12)
    axes.text(tip[0] + 0.06, tip[1] - 0.06, "$B$", color=style.FIELD, fontsize=10)


def _look(edges, face):
    """Sign of a response at a face of the flank x > 0, and its colour."""
    sign = edges.sign * face
    return sign, sign_colour(sign, edges.established)


def _bent_current(axes, colour, towards):
    """A current from the hot end that bends towards a face."""
    t = np.linspace(0, 1, 50)
    path = np.array([SLAB.screen(-0.62 + 0.98 * s, towards * (0.10 + 0.52 * s**2.4)) for s in t])
    axes.plot(*path.T, color=colour, lw=2.2, zorder=60, solid_capstyle="butt")
    draw_arrow(axes, path[-4], path[-1] + 0.6 * (path[-1] - path[-4]), colour, 61, 2.2, head=12)


def _angular_momentum(axes, edges, _):
    SLAB.arrow(axes, (-0.62, 0), (0.62, 0), style.INK, width=2.0, head=11)
    _text(axes, (0.72, 0.0), "$J$", fontsize=9)
    for face in (-1, 1):
        sign, colour = _look(edges, face)
        for x in (-0.45, 0.0, 0.45):
            centre = np.add(np.multiply(SLAB.half, (x, 0.66 * face, 1.0)), (0, 0, 0.06))
            along, across = np.array([[0.17, 0, 0], [0, 0.17, 0]])
            draw_orbit(axes, VIEW, centre, across, -along, colour, sign, width=1.5, head=8)
            draw_sphere(axes, VIEW.screen(centre), 0.055, COLOURS["B"], 62)
        label = f"${'+' if sign > 0 else '-'}L_z$"
        _text(axes, (0.72, 0.66 * face), label, color=colour, fontsize=9)


def _heat(axes, edges, towards):
    for face in (-1, 1):
        sign, colour = _look(edges, face)
        rows = np.linspace(0.45, 0.97, 9)
        for low, high in pairwise(rows):
            corners = ((-0.9, low), (0.9, low), (0.9, high), (-0.9, high))
            points = np.array([SLAB.screen(x, y * face) for x, y in corners])
            axes.fill(*points.T, color=colour, alpha=0.75 * (low - 0.40), lw=0, zorder=20)
        label = "hotter" if sign > 0 else "colder"
        _text(axes, (0.62, 0.74 * face), label, color=colour, fontsize=7.5)
    _bent_current(axes, style.INK, towards)
    _text(axes, (0.54, 0.40 * towards), "$J_Q$", fontsize=9)


def _ferrons(axes, edges, towards):
    for face in (-1, 1):
        sign, colour = _look(edges, face)
        for x in (-0.35, 0.05, 0.45):
            start, end = (x - 0.12 * sign, 0.76 * face), (x + 0.12 * sign, 0.76 * face)
            SLAB.arrow(axes, start, end, colour, width=2.4, head=10)
        label = rf"${'+' if sign > 0 else '-'}\delta P$"
        _text(axes, (0.76, 0.76 * face), label, color=colour, fontsize=9)
    _wave_packets(axes, towards)


def _wave_packets(axes, towards):
    """Ferrons: a polar wave from the hot end that bends towards a face."""
    t = np.linspace(0, 1, 400)
    bend = [towards * (0.50 * s**2.2 - 0.06) for s in t]
    centre = np.array([SLAB.screen(-0.66 + s, y) for s, y in zip(t, bend, strict=True)])
    tangent = np.gradient(centre, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1)[:, None]
    wave = 0.075 * np.sin(2 * np.pi * 9 * t) * np.sin(np.pi * t) ** 0.7
    path = centre + wave[:, None] * np.column_stack([-tangent[:, 1], tangent[:, 0]])
    axes.plot(*path.T, color=style.FERROELECTRIC, lw=1.5, zorder=60)
    tip = centre[-1] + 0.11 * tangent[-1]
    draw_arrow(axes, centre[-1], tip, style.FERROELECTRIC, 61, width=1.5, head=11)
    aside = -towards
    _text(axes, (-0.50, 0.42 * aside), "ferrons", color=style.FERROELECTRIC, fontsize=7.5)
    start, end = (0.22, 0.20 * aside), (0.52, 0.20 * aside)
    SLAB.arrow(axes, start, end, style.FERROELECTRIC, width=2.0, head=10)
    _text(axes, (0.61, 0.20 * aside), "$P_0$", color=style.FERROELECTRIC, fontsize=9)


DRAWINGS = (_angular_momentum, _heat, _ferrons)
