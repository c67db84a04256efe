"""The cells of the slab, and where the transverse responses gather: flanks and edges."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from ferronhall.model import map_algebra


@dataclass(frozen=True)
class Cells:
    """Coordinates of columns and layers, and which of them the edge accumulation averages over.

    x, y : ndarray, shapes (nx,) and (ny,)
        In cells, from the hot band's centre and from the slab's.
    flank : ndarray of bool, shape (nx,)
        Columns of the hot band's flanks.
    edge : ndarray of bool, shape (ny,)
        Outermost layers of both faces.
    """

    x: np.ndarray
    y: np.ndarray
    flank: np.ndarray
    edge: np.ndarray

    @classmethod
    def of(cls, parameters):
        """Those of a parameters dataset."""
        return cls(*(parameters[name].values for name in ("x", "y", "flank", "edge")))

    @property
    def coordinates(self):
        """x and y as coordinates of a dataset."""
        return {
            "x": ("x", self.x, {"units": "1", "long_name": "cells from the hot band's centre"}),
            "y": ("y", self.y, {"units": "1", "long_name": "cells from the slab's centre"}),
        }

    def dataset(self):
        """All of it as a dataset."""
        columns, layers = "columns of the hot band's flanks", "outermost layers of both faces"
        return xr.Dataset(
            {
                "flank": ("x", self.flank, {"long_name": columns}),
                "edge": ("y", self.edge, {"long_name": layers}),
            },
            coords=self.coordinates,
        )

    def edge_accumulation(self, maps, odd=(True, True)):
        """See map_algebra.edge_accumulation."""
        return map_algebra.edge_accumulation(maps, self.x, self.y, self.flank, self.edge, odd)

    def corners(self, maps):
        """Edge accumulation of each corner alone, (..., nx, ny) → (..., 4)."""
        columns = [self.flank & (side * self.x > 0) for side in (1, -1)]
        layers = [self.edge & (face * self.y > 0) for face in (1, -1)]
        corners = [
            map_algebra.edge_accumulation(maps, self.x, self.y, flank, edge)
            for flank in columns
            for edge in layers
        ]
        return np.stack(corners, axis=-1)

    @staticmethod
    def equal_corners(quartered):
        """Which corners are equal: all of a map that a quarter holds, else those point to point."""
        return [[0, 1, 2, 3]] if quartered else [[0, 3], [1, 2]]

    def flank_cuts(self, maps):
        """See map_algebra.flank_cuts."""
        return map_algebra.flank_cuts(maps, self.x, self.flank)
