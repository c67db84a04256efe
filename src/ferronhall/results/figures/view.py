"""Parallel view of three-dimensional drawings: x to the right, y into the page, z up."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class View:
    """Camera above the slab.

    elevation : float, degrees
        90 looks along −z, as the maps do; 0 along +y.
    azimuth : float, degrees
        Turns the drawing about z; positive shows the −x side.
    """

    elevation: float = 28.0
    azimuth: float = 20.0

    @property
    def axes(self):
        """Rows: screen right, screen up and towards the viewer, shape (3, 3)."""
        e, a = np.radians([self.elevation, self.azimuth])
        right = np.array([np.cos(a), -np.sin(a), 0.0])
        into = np.array([np.sin(a), np.cos(a), 0.0])
        z = np.array([0.0, 0.0, 1.0])
        up = np.cos(e) * z + np.sin(e) * into
        towards = np.sin(e) * z - np.cos(e) * into
        return np.array([right, up, towards])

    def screen(self, points):
        """Screen coordinates of points (..., 3): shape (..., 2)."""
        return np.asarray(points, float) @ self.axes[:2].T

    def depth(self, points):
        """Nearness to the viewer of points (..., 3): shape (...)."""
        return np.asarray(points, float) @ self.axes[2]
