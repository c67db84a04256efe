"""Fig. 2: the three lattice Hall effects, a schematic.

Signs are those computed for BaTiO3 with the field along z: ferrons gather at the face where the
kinetic energy rises, and their fluctuations lower the polarization there (Eq. S58).
"""

from itertools import pairwise

import numpy as np

from ferronhall.results.figures import style
from ferronhall.results.figures.cell import COLOURS
from ferronhall.results.figures.ions import draw_arrow, draw_orbit, draw_sphere
from ferronhall.results.figures.output import DrawnFigure
from ferronhall.results.figures.slab import Slab
from ferronhall.results.figures.view import View

VIEW = View(elevation=40.0, azimuth=10.0)
SLAB = Slab((1.45, 0.62, 0.07), VIEW)
EXTENT = (-1.75, 1.75, -0.82, 0.74)
SCALE = 1.12
GREY = "#5a5a5a"

EFFECTS = (
    ("Phonon angular momentum Hall effect", "no symmetry broken"),
    ("Phonon Hall effect", r"$\mathcal{T}$ broken by $B$"),
    ("Ferron Hall effect", r"$\mathcal{T}$ broken by $B$, $\mathcal{P}$ broken by $P_0$"),
)

TABLE = {
    "effect": np.array([title for title, _ in EFFECTS]),
    "transverse channel": np.array(
        ["phonon angular momentum L_z", "heat (kinetic energy)", "longitudinal polarization P"]
    ),
    "broken symmetry": np.array(["none", "time reversal", "time reversal and inversion"]),
    "odd in": np.array(["gradient", "gradient and field", "gradient and field"]),
    "even in": np.array(["field", "", ""]),
}


def draw():
    """Draw the three effects above one another.

    returns : DrawnFigure
    """
    with style.context():
        panel = SCALE * (EXTENT[3] - EXTENT[2])
        row = panel + 0.22
        width = SCALE * (EXTENT[1] - EXTENT[0])
        figure = style.new_figure(3 * row + 0.04, width=width)
        for n, ((title, broken), drawing) in enumerate(zip(EFFECTS, DRAWINGS, strict=True)):
            bottom = (2 - n) * row + 0.03
            axes = style.canvas(figure, 0.0, bottom, width, panel, EXTENT)
            _driven_slab(axes)
            drawing(axes)
            top = bottom + panel + 0.03
            style.note(figure, 0.06, top, f"({'abc'[n]})", weight="bold", fontsize=8)
            style.note(figure, 0.30, top, title, fontsize=7.5)
            style.note(figure, width - 0.06, top, broken, ha="right", fontsize=6.5, color=GREY)
    return DrawnFigure(figure, [("schematic", TABLE)])


def _driven_slab(axes):
    SLAB.draw(axes, style.TEMPERATURE(np.linspace(1, 0, 60)))
    _text(axes, (-0.80, -1.0, -3.2), "hot")
    _text(axes, (0.86, -1.0, -3.2), "cold")
    SLAB.arrow(axes, (0.18, -1.0, -3.2), (-0.30, -1.0, -3.2), style.FADED, width=1.3, head=8)
    _text(axes, (0.30, -1.0, -3.2), r"$\nabla T$", color=GREY, fontsize=8)


def _text(axes, point, text, **options):
    settings = {"ha": "center", "va": "center", "color": style.INK, "zorder": 80, **options}
    axes.text(*SLAB.screen(*point), text, **settings)


def _draw_field(axes):
    base = SLAB.screen(-0.80, 0.30)
    tip = base + VIEW.screen((0, 0, 0.52))
    draw_arrow(axes, base, tip, style.FIELD, zorder=75, width=2.6, head=12)
    axes.text(tip[0] + 0.06, tip[1] - 0.06, "$B$", color=style.FIELD, fontsize=10)


def _bent_current(axes, colour):
    """A current from the hot end that bends towards the lower face."""
    t = np.linspace(0, 1, 50)
    path = np.array([SLAB.screen(-0.62 + 0.98 * s, -0.10 - 0.52 * s**2.4) for s in t])
    axes.plot(*path.T, color=colour, lw=2.2, zorder=60, solid_capstyle="butt")
    draw_arrow(axes, path[-4], path[-1] + 0.6 * (path[-1] - path[-4]), colour, 61, 2.2, head=12)


def _angular_momentum(axes):
    SLAB.arrow(axes, (-0.62, 0), (0.62, 0), style.INK, width=2.0, head=11)
    _text(axes, (0.72, 0.0), "$J$", fontsize=9)
    for face in (-1, 1):
        colour = style.NEGATIVE if face > 0 else style.POSITIVE
        for x in (-0.45, 0.0, 0.45):
            centre = np.add(np.multiply(SLAB.half, (x, 0.66 * face, 1.0)), (0, 0, 0.06))
            along, across = np.array([[0.17, 0, 0], [0, 0.17, 0]])
            draw_orbit(axes, VIEW, centre, across, -along, colour, -face, width=1.5, head=8)
            draw_sphere(axes, VIEW.screen(centre), 0.055, COLOURS["B"], 62)
        sign = "-" if face > 0 else "+"
        _text(axes, (0.72, 0.66 * face), f"${sign}L_z$", color=colour, fontsize=9)


def _heat(axes):
    for face in (-1, 1):
        colour = style.NEGATIVE if face > 0 else style.POSITIVE
        rows = np.linspace(0.45, 0.97, 9)
        for low, high in pairwise(rows):
            corners = ((-0.9, low), (0.9, low), (0.9, high), (-0.9, high))
            points = np.array([SLAB.screen(x, y * face) for x, y in corners])
            axes.fill(*points.T, color=colour, alpha=0.75 * (low - 0.40), lw=0, zorder=20)
        label = "colder" if face > 0 else "hotter"
        _text(axes, (0.62, 0.74 * face), label, color=colour, fontsize=7.5)
    _bent_current(axes, style.INK)
    _text(axes, (0.54, -0.40), "$J_Q$", fontsize=9)
    _draw_field(axes)


def _ferrons(axes):
    for face in (-1, 1):
        colour = style.POSITIVE if face > 0 else style.NEGATIVE
        for x in (-0.35, 0.05, 0.45):
            start, end = (x - 0.12 * face, 0.76 * face), (x + 0.12 * face, 0.76 * face)
            SLAB.arrow(axes, start, end, colour, width=2.4, head=10)
        sign = "+" if face > 0 else "-"
        _text(axes, (0.76, 0.76 * face), rf"${sign}\delta P$", color=colour, fontsize=9)
    _wave_packets(axes)
    _draw_field(axes)


def _wave_packets(axes):
    """Ferrons: a polar wave from the hot end that bends towards the lower face."""
    t = np.linspace(0, 1, 400)
    centre = np.array([SLAB.screen(-0.66 + 1.0 * s, 0.06 - 0.50 * s**2.2) for s in t])
    tangent = np.gradient(centre, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1)[:, None]
    wave = 0.075 * np.sin(2 * np.pi * 9 * t) * np.sin(np.pi * t) ** 0.7
    path = centre + wave[:, None] * np.column_stack([-tangent[:, 1], tangent[:, 0]])
    axes.plot(*path.T, color=style.FERROELECTRIC, lw=1.5, zorder=60)
    tip = centre[-1] + 0.11 * tangent[-1]
    draw_arrow(axes, centre[-1], tip, style.FERROELECTRIC, 61, width=1.5, head=11)
    _text(axes, (-0.50, 0.42), "ferrons", color=style.FERROELECTRIC, fontsize=7.5)
    SLAB.arrow(axes, (0.22, 0.20), (0.52, 0.20), style.FERROELECTRIC, width=2.0, head=10)
    _text(axes, (0.61, 0.20), "$P_0$", color=style.FERROELECTRIC, fontsize=9)


DRAWINGS = (_angular_momentum, _heat, _ferrons)
