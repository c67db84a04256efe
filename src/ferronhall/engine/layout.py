"""How fields are stored while they move: (member, component, x, z, y), y fastest and folded.

Folded, layers are counted from one face to the middle and then from the other face, so that the
even and odd parts in y are sums and differences of two contiguous halves (kernels.layers). All
columns (z, y) of one x are one run, which the transform along x takes strip by strip. What the
force makes of it on its way stands in kernels.blocks.BlockPlan.
"""

import numpy as np


def storage_order(ny):
    """y layers in the order they are stored: 0, 1, …, then ny−1, ny−2, …"""
    ne = (ny + 1) // 2
    return np.concatenate([np.arange(ne), np.arange(ny - 1, ne - 1, -1)])


def to_storage(field):
    """(3, nx, ny, nz) → (3, nx, nz, ny) with y in storage order."""
    return np.ascontiguousarray(field.transpose(0, 1, 3, 2)[..., storage_order(field.shape[2])])


def from_storage(stored):
    """The inverse of to_storage."""
    field = np.empty_like(stored)
    field[..., storage_order(stored.shape[-1])] = stored
    return np.ascontiguousarray(field.transpose(0, 1, 3, 2))
