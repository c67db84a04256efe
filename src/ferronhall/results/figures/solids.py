"""Lit surfaces in a parallel view: isosurfaces, balls and rods, the far ones drawn first."""

from dataclasses import dataclass, field

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb
from skimage.measure import marching_cubes

SURPLUS, DEFICIT = "#e69f00", "#0072b2"
"""Of electrons: orange and blue, apart for every kind of colour vision."""

_LIGHT = np.array([-0.35, 0.55, 0.76])
"""Towards the lamp: screen right, up, towards the viewer."""


@dataclass
class Scene:
    """Triangles with their colours, collected and then drawn at once.

    triangles : list of ndarray, shape (n, 3 corners, 3), Å
    normals : list of ndarray, shape (n, 3)
        Of the surface that the triangles stand for, of any length and sign.
    colours : list of ndarray, shape (n, 3), RGB
    """

    triangles: list = field(default_factory=list)
    normals: list = field(default_factory=list)
    colours: list = field(default_factory=list)

    def add(self, triangles, normals, colour):
        """Triangles (n, 3, 3) of one colour, with the normals (n, 3) they are lit by."""
        self.triangles.append(triangles)
        self.normals.append(normals)
        self.colours.append(np.tile(to_rgb(colour), (len(triangles), 1)))

    def ball(self, centre, radius, colour):
        """A sphere."""
        self.add(np.asarray(centre) + radius * _SPHERE, _SPHERE.mean(axis=1), colour)

    def rod(self, start, end, radius, colour):
        """A bond between two points, cut in short pieces so that it sorts with its neighbours."""
        start, end = np.asarray(start, float), np.asarray(end, float)
        ring = radius * _ring(end - start)
        for a, b in zip(np.linspace(0, 1, 9)[:-1], np.linspace(0, 1, 9)[1:], strict=True):
            low, high = (start + t * (end - start) + ring for t in (a, b))
            halves = ([low[:-1], low[1:], high[1:]], [low[:-1], high[1:], high[:-1]])
            outwards = np.tile((ring[:-1] + ring[1:]), (2, 1))
            self.add(np.concatenate([np.stack(h, axis=1) for h in halves]), outwards, colour)

    def arrow(self, start, end, radius, colour):
        """A rod with a cone at its end, a third of its length."""
        start, end = np.asarray(start, float), np.asarray(end, float)
        neck = end - (end - start) / 3
        self.rod(start, neck, radius, colour)
        ring = 2.4 * radius * _ring(end - start)
        rim = neck + ring
        tips, centres = np.tile(end, (len(ring) - 1, 1)), np.tile(neck, (len(ring) - 1, 1))
        self.add(np.stack([rim[:-1], rim[1:], tips], axis=1), ring[:-1] + ring[1:], colour)
        back = np.tile(start - end, (len(ring) - 1, 1))
        self.add(np.stack([rim[:-1], rim[1:], centres], axis=1), back, colour)

    def draw(self, axes, view):
        """Draw everything on bare axes, which keep vectors for their other contents."""
        triangles, colours = np.concatenate(self.triangles), np.concatenate(self.colours)
        normals = np.concatenate(self.normals)
        lengths = np.linalg.norm(normals, axis=1, keepdims=True)
        seen = normals / np.maximum(lengths, 1e-30) @ view.axes.T
        # either side of a surface is lit as the one that faces the viewer
        seen *= np.where(seen[:, 2:] < 0, -1, 1)
        bright = np.clip(seen @ (_LIGHT / np.linalg.norm(_LIGHT)), 0, 1)
        shine = 0.35 * bright**12
        lit = colours * (0.45 + 0.55 * bright[:, None])
        lit = lit + (1 - lit) * shine[:, None]
        order = np.argsort(view.depth(triangles).mean(axis=1))
        axes.add_collection(
            PolyCollection(
                view.screen(triangles)[order],
                facecolors=lit[order],
                edgecolors=lit[order],
                linewidths=0.15,
                rasterized=True,
            )
        )


def isosurface(values, level, coordinates):
    """Triangles where a field equals a level, closed on the sides of its box.

    values : ndarray, shape (n1, n2, n3)
    level : float
        Of either sign; what lies beyond it, away from 0, is inside.
    coordinates : three ndarrays, evenly spaced
    returns : (triangles, normals), shapes (n, 3, 3) and (n, 3); none where no value is so large
    """
    padded = np.pad(np.sign(level) * np.nan_to_num(values), 1)
    if padded.max() <= abs(level):
        return np.empty((0, 3, 3)), np.empty((0, 3))
    spacing = [axis[1] - axis[0] for axis in coordinates]
    vertices, faces, normals, _ = marching_cubes(padded, abs(level), spacing=spacing)
    lowest = np.array([axis[0] for axis in coordinates])
    highest = np.array([axis[-1] for axis in coordinates])
    corners = np.clip(vertices + lowest - spacing, lowest, highest)[faces]
    return corners, normals[faces].mean(axis=1)


def _ring(direction):
    """Points of a closed circle of radius 1 across a direction, shape (13, 3)."""
    along = direction / np.linalg.norm(direction)
    across = np.cross(along, np.eye(3)[np.argmin(np.abs(along))])
    across /= np.linalg.norm(across)
    angles = np.linspace(0, 2 * np.pi, 13)
    return np.outer(np.cos(angles), across) + np.outer(np.sin(angles), np.cross(along, across))


def _sphere():
    """Triangles of a unit sphere: an octahedron, its edges thrice halved and pushed outwards."""
    corners = [(x, y, z) for x in (1, -1) for y in (1, -1) for z in (1, -1)]
    faces = np.array([np.diag(signs) for signs in corners], float)
    for _ in range(3):
        a, b, c = faces[:, 0], faces[:, 1], faces[:, 2]
        ab, bc, ca = a + b, b + c, c + a
        parts = [(a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)]
        faces = np.concatenate([np.stack(part, axis=1) for part in parts])
        faces /= np.linalg.norm(faces, axis=2, keepdims=True)
    return faces


_SPHERE = _sphere()
