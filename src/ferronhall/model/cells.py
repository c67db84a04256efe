"""The cells of the slab, and where the transverse responses gather: flanks and edges."""

from dataclasses import dataclass

import numpy as np

from ferronhall.model import map_algebra
from ferronhall.model.domains import domain_ends, walls_of_dataset


@dataclass(frozen=True)
class Cells:
    """Coordinates of columns and layers, and which of them the edge accumulation averages over.

    x, y : ndarray, shapes (nx,) and (ny,)
        In cells, from the hot band's centre and from the slab's.
    flank : ndarray of bool, shape (nx,)
        Columns of the hot band's flanks.
    edge : ndarray of bool, shape (ny,)
        Outermost layers of both faces.
    walls : tuple of int
        Layers at which further domains begin, see domains.
    """

    x: np.ndarray
    y: np.ndarray
    flank: np.ndarray
    edge: np.ndarray
    walls: tuple = ()

    @classmethod
    def of(cls, parameters):
        """Those of a parameters dataset."""
        return cls(
            *(parameters[name].values for name in ("x", "y", "flank", "edge")),
            walls_of_dataset(parameters),
        )

    @property
    def coordinates(self):
        """x and y as coordinates of a dataset."""
        return {
            "x": ("x", self.x, {"units": "1", "long_name": "cells from the hot band's centre"}),
            "y": ("y", self.y, {"units": "1", "long_name": "cells from the slab's centre"}),
        }

    def dataset(self):
        """All of it as a dataset."""
        # here, as who reads or times a model alone does without, see storage.read
        import xarray as xr

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

    @property
    def domain_coordinates(self):
        """Domains and their ends as coordinates of a dataset; none without walls."""
        if not self.walls:
            return {}
        count = len(self.walls) + 1
        first = {"units": "1", "long_name": "first layer of the domain"}
        sign = {"units": "1", "long_name": "sign of P along x in the domain"}
        return {
            "domain": ("domain", np.arange(count), {"units": "1", "long_name": "domain"}),
            "first_layer": ("domain", np.array([0, *self.walls]), first),
            "sign": ("domain", (-1) ** np.arange(count), sign),
            "end": ["lower", "upper"],
        }

    def end_accumulation(self, maps):
        """Mean of sign(x) X over the flanks and the outermost layers of each end of each domain.

        An end is a face or a wall. (..., nx, ny) → (..., domain, end).
        """
        ends = domain_ends(self.walls, self.y.size).astype(float)
        ends /= ends.sum(axis=-1, keepdims=True)
        columns = np.sign(self.x) * self.flank / np.count_nonzero(self.flank)
        return np.einsum("...xy,x,dey->...de", maps, columns, ends)

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
