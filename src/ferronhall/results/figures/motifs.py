"""Small drawings beside the maps: what the ions do where an observable is raised or lowered."""

import numpy as np

from ferronhall.results.figures import style
from ferronhall.results.figures.ions import draw_arrow, draw_cage, draw_orbit, draw_sphere
from ferronhall.results.figures.view import View

VIEW = View(elevation=64.0, azimuth=8.0)
EXTENT = (-0.82, 0.82, -0.66, 0.68)


def draw_motif(axes, observable, sign, cell, certain=True):
    """Draw the ionic motion behind a positive or negative response of an observable.

    sign : +1 or -1
    certain : bool
        False pales the drawing: the data do not establish the sign.
    """
    colour = style.POSITIVE if sign > 0 else style.NEGATIVE
    fade = 0.0 if certain else 0.65
    drawing = {
        "angular_momentum": _circular_motion,
        "kinetic_energy": _vibration,
        "polarization": _shift,
    }[observable]
    before = set(axes.get_children())
    drawing(axes, cell, sign, colour, fade)
    if not certain:
        for artist in set(axes.get_children()) - before:
            if artist.get_zorder() >= 50:
                artist.set_alpha(0.35)


def _circular_motion(axes, cell, sign, colour, fade):
    draw_cage(axes, cell, VIEW, fade=fade)
    radius = 0.60
    along, across = radius * np.eye(3)[0], radius * np.eye(3)[1]
    draw_orbit(axes, VIEW, np.zeros(3), across, -along, colour, sign, width=1.5, head=8)


def _vibration(axes, cell, sign, colour, fade):
    reach = 0.16 if sign > 0 else 0.08
    offsets = cell.displacements((reach, 0, 0))
    if sign > 0:
        draw_cage(axes, cell, VIEW, offsets=0.85 * offsets, ghost=True)
        draw_cage(axes, cell, VIEW, offsets=-0.85 * offsets, ghost=True)
    draw_cage(axes, cell, VIEW, fade=fade)
    for site, position, offset in zip(cell.sites, cell.positions, offsets, strict=True):
        if site == "A" or abs(position[2]) > 0.1:
            continue
        ends = VIEW.screen([position - offset, position + offset])
        draw_arrow(
            axes,
            *ends,
            colour,
            zorder=60,
            width=0.9,
            style_name="<|-|>",
            head=3.5 if sign > 0 else 2.5,
        )


def _shift(axes, cell, sign, colour, fade):
    offsets = cell.displacements((0.10 * sign, 0, 0))
    for centre in VIEW.screen(cell.positions):
        draw_sphere(axes, centre, 0.085, "#bbbbbb", 9, alpha=0.35)
    draw_cage(axes, cell, VIEW, offsets=offsets, fade=fade)
    start, end = VIEW.screen([[-0.55 * sign, 0, 0], [0.55 * sign, 0, 0]])
    draw_arrow(axes, start, end, colour, zorder=60, width=2.2, head=10)
