"""The linear force by the mirror blocks of the slab operator (see slab_operator).

    field → fold and transform x → transform z, fold y → one product a block → and back

A block's coefficients stand in spectrum[member, kx·nkz + kz, p, 2·px + pz, c, j]: y parity p, the
parity (0 cosine, 1 sine) of the sector along x and z, the component c, and the j-th even or odd
function of y counted from the faces. Coefficients that do not exist (sin 0, an odd function of the
middle layer) are zero.

With the components of a layer side by side, a short-ranged coupling is a narrow band along the
block's diagonal. Only the band is kept, in tiles of a few layers' columns; inside the slab one tile
is like the next one and stands in memory once. All members use a tile while it is in the cache: the
product would else be bound by reading the blocks.
"""

from collections import namedtuple

import numpy as np

from ferronhall.engine.kernels import kernel
from ferronhall.engine.kernels.tile import LANES, ROWS, multiply_tile
from ferronhall.engine.kernels.transforms import (
    from_spectrum,
    invert_x,
    sector,
    to_spectrum,
    transform_x,
)

# part of what numba caches, so they stand in the folder whose digest names the cache
BlockPlan = namedtuple(
    "BlockPlan",
    "nz ny cos_x sin_x cos_x_transposed sin_x_transposed "
    "cos_z sin_z cos_z_transposed sin_z_transposed band reference "
    "x_even x_odd x_cos x_sin z_even z_odd z_cos z_sin spectrum",
)

Band = namedtuple("Band", "tiles start first terms")

TILE_LAYERS = LANES // 3
"""Layers whose columns make a tile; with three components the last column is left over."""


@kernel
def multiply_blocks(spectrum, band):
    """spectrum · block for every block, in place."""
    members, blocks, _, sectors, _, layers = spectrum.shape
    three = np.uint64(3)
    columns = 3 * TILE_LAYERS
    count = band.start.shape[2]
    # room for the column a tile has too much, and for a last term that makes their number even
    width = columns * count + LANES - columns
    x = np.zeros((members * sectors, width), spectrum.dtype)
    y = np.empty_like(x)
    for b in range(blocks):
        for p in range(2):
            for m in range(members):
                for s in range(sectors):
                    row = x[m * sectors + s]
                    for j in range(np.uint64(layers)):
                        for c in range(three):
                            row[three * j + c] = spectrum[m, b, p, s, c, j]
            for t in range(count):
                start, first, terms = band.start[b, p, t], band.first[b, p, t], band.terms[b, p, t]
                for row in range(0, members * ROWS, ROWS):
                    rows = (x, row * width + first, width)
                    # the column too much is overwritten by the next tile
                    out = (y, row * width + columns * t, width)
                    multiply_tile(*rows, band.tiles, start, LANES, terms, *out)
            for m in range(members):
                for s in range(sectors):
                    row = y[m * sectors + s]
                    for c in range(three):
                        for j in range(np.uint64(layers)):
                            spectrum[m, b, p, s, c, j] = row[three * j + c]


@kernel
def linear_force(w, plan, force):
    """−K (u0 + w) of the linear interactions (eV/Å), shapes (members, 3, nx, nz·ny)."""
    members = w.shape[0]
    for m in range(members):
        for c in range(3):
            transform_x(w[m, c], plan)
            to_spectrum(plan.x_cos, c, 0, plan, plan.spectrum[m])
            to_spectrum(plan.x_sin, c, 1, plan, plan.spectrum[m])
    multiply_blocks(plan.spectrum, plan.band)
    uniform, sign = sector(0, 0, 0)
    for m in range(members):
        for j in range(plan.reference.shape[0]):
            plan.spectrum[m, 0, 0, uniform, 0, j] += sign * plan.reference[j]
        for c in range(3):
            from_spectrum(plan.spectrum[m], c, 0, plan, plan.x_cos)
            from_spectrum(plan.spectrum[m], c, 1, plan, plan.x_sin)
            invert_x(plan, force[m, c])
