"""What a notebook's results say of themselves in place of a campaign."""

import xarray as xr

from ferronhall.model.cells import Cells

__all__ = ["EDGE", "FLANK", "NAME", "silent", "with_cells"]

NAME = "notebook"
"""The campaign's name in the attributes of results that belong to none."""

FLANK, EDGE = "flank_columns", "edge_layers"
"""Attributes that say which columns and layers the edge accumulation averages over, as 0 and 1."""


def with_cells(dataset: xr.Dataset, cells: Cells) -> xr.Dataset:
    """The dataset with the cells of its model recorded, as no configuration tells them."""
    return dataset.assign_attrs({FLANK: cells.flank.astype("i1"), EDGE: cells.edge.astype("i1")})


def silent(line: str) -> None:
    """A log that keeps nothing."""
