"""Drawings of the BO₆ cage and of what its ions do: shaded spheres, orbits and arrows."""

import numpy as np
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgb
from matplotlib.patches import Circle, FancyArrowPatch, Polygon
from matplotlib.path import Path

from ferronhall.results.figures import style
from ferronhall.results.figures.cell import COLOURS, RADII


def blend(colour, other, weight):
    """Colour between `colour` (weight 0) and `other` (weight 1)."""
    return tuple((1 - weight) * np.array(to_rgb(colour)) + weight * np.array(to_rgb(other)))


def sign_colour(sign, established=True):
    """Colour of a response raised (+1) or lowered (−1); pale where its sign is not established."""
    colour = style.POSITIVE if sign > 0 else style.NEGATIVE
    return colour if established else blend(colour, "white", 0.6)


def draw_sphere(axes, centre, radius, colour, zorder, alpha=1.0, fog=0.0):
    """A sphere lit from the upper left; `fog` (0 to 1) fades it into the page."""
    rings, shades = [], []
    for t in np.linspace(0, 1, 9) if alpha == 1.0 else (0.0,):
        shade = blend(colour, "black", 0.35) if t == 0 else colour
        lit = blend(blend(shade, colour, min(1, 2 * t)), "white", 0.75 * max(0, t - 0.45) / 0.55)
        shades.append(blend(lit, "white", fog))
        offset = 0.38 * radius * t
        middle = (centre[0] - offset * 0.8, centre[1] + offset)
        rings.append(Path.circle(middle, radius * (1 - 0.93 * t)))
    # as artists: a patch would be measured for the limits of the axes, which stand already
    axes.add_artist(PathCollection(rings, fc=shades, ec="none", alpha=alpha, zorder=zorder))
    axes.add_artist(
        Circle(centre, radius, fc="none", ec=style.INK, lw=0.3, alpha=0.6 * alpha, zorder=zorder)
    )


def draw_arrow(axes, start, end, colour, zorder=50.0, width=1.2, style_name="-|>", head=6.0):
    """A straight arrow between two screen points."""
    arrow = FancyArrowPatch(
        start,
        end,
        arrowstyle=style_name,
        mutation_scale=head,
        lw=width,
        color=colour,
        shrinkA=0,
        shrinkB=0,
        zorder=zorder,
        joinstyle="miter",
    )
    axes.add_patch(arrow)
    return arrow


def draw_orbit(axes, view, centre, along, across, colour, sense=1, width=1.1, head=6.0, gap=40.0):
    """Orbit centre + along·cos t + across·sin t, open about t = 0, with an arrow head.

    centre, along, across : array, shape (3,)
    sense : +1 or -1
        Direction of motion; seen against the orbit's normal, +1 turns counterclockwise.
    gap : float, degrees
    """
    gap = np.radians(gap)
    t = sense * np.linspace(gap / 2, 2 * np.pi - gap / 2, 60)
    path = np.asarray(centre) + np.outer(np.cos(t), along) + np.outer(np.sin(t), across)
    screen = view.screen(path)
    axes.plot(*screen.T, color=colour, lw=width, zorder=60, solid_capstyle="round")
    draw_arrow(axes, screen[-4], screen[-1], colour, 61, width=width, head=head)


def draw_cage(axes, cell, view, offsets=None, ghost=False, fade=0.0):
    """Draw a Cell with its translucent octahedron, nearest parts last.

    offsets : ndarray, shape (n, 3)
        Displacements of the atoms from their sites, in lattice constants.
    ghost : bool
        Flat and pale, to stand for an earlier or later instant.
    fade : float
        0 draws in full colour, 1 in white.
    """
    positions = cell.positions if offsets is None else cell.positions + offsets
    screen, depth = view.screen(positions), view.depth(positions)
    near = (depth - depth.min()) / max(np.ptp(depth), 1e-9)
    if not ghost:
        _draw_octahedron(axes, cell, view, positions, screen, fade)
    for i, site in enumerate(cell.sites):
        draw_sphere(
            axes,
            screen[i],
            RADII[site] * (1 + 0.18 * (near[i] - 0.5)),
            COLOURS[site],
            zorder=10 + 20 * near[i] + (0 if not ghost else -0.5),
            alpha=0.16 if ghost else 1.0,
            fog=min(1.0, fade + 0.45 * (1 - near[i])),
        )


def _draw_octahedron(axes, cell, view, positions, screen, fade):
    corners, faces = cell.octahedron()
    depth = view.depth(positions)
    low, span = depth.min(), max(np.ptp(depth), 1e-9)
    light = np.array([-0.4, 0.5, 0.8]) / np.linalg.norm([-0.4, 0.5, 0.8])
    centre = positions[cell.sites.index("B")]
    colour = COLOURS["B"]
    for face in faces:
        a, b, c = positions[list(face)]
        normal = np.cross(b - a, c - a)
        normal = normal if np.dot(normal, a + b + c - 3 * centre) > 0 else -normal
        facing = view.axes @ (normal / np.linalg.norm(normal))
        bright = 0.5 + 0.5 * max(0.0, float(facing @ light))
        nearness = (np.mean(depth[list(face)]) - low) / span
        axes.add_patch(
            Polygon(
                screen[list(face)],
                closed=True,
                fc=blend(blend("#5b7fa6", "white", 0.75 * bright), "white", fade),
                ec=blend(blend(colour, "black", 0.25), "white", fade),
                lw=0.45,
                alpha=0.30,
                joinstyle="round",
                zorder=10 + 20 * nearness,
            )
        )
    for i in corners:
        axes.plot(
            *np.array([view.screen(centre), screen[i]]).T,
            color=blend(blend(colour, "black", 0.1), "white", max(fade, 0.15)),
            lw=1.0,
            zorder=10 + 20 * ((depth[i] - low) / span + 0.5) / 2 - 0.2,
            solid_capstyle="round",
        )
