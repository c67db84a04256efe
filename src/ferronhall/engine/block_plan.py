"""Everything the linear force computes once: bases, the blocks' bands, and its work arrays."""

import numpy as np

from ferronhall.engine.kernels.blocks import SECTORS, TILE_COLUMNS, Band, BlockPlan
from ferronhall.engine.kernels.lanes import COMPONENTS, VECTOR
from ferronhall.engine.kernels.layers import packed_order
from ferronhall.engine.kernels.transforms import Basis

_ALIGNMENT = 64
"""Bytes; a vector that straddles two cache lines takes two reads."""

_CACHE_BYTES = 2**20
"""Of the second cache of a common processor."""


def build_plan(operator, pull, dtype, members):
    """The plan of a mirror-symmetric operator, with work arrays of its own.

    pull : ndarray, shape (ny,), eV/Å
        Force along x of the uniform state on itself, even in y.
    members : int
        Number of states whose forces are computed together.
    """
    nx, ny, nz = operator.slab.shape
    even = (ny + 1) // 2

    def work(*shape):
        return aligned(np.zeros(np.prod(shape)), dtype)

    size = np.dtype(dtype).itemsize
    field = COMPONENTS * members * operator.slab.sites * size
    layers, width = _whole(ny, VECTOR), COMPONENTS * _whole(even, VECTOR)
    columns = _whole(ny * nz, _ALIGNMENT // size)
    row = COMPONENTS * members * layers
    half_z = nz // 2 + 1
    return BlockPlan(
        ny=ny,
        members=members,
        columns=columns,
        layers=layers,
        width=width,
        x=_basis(nx, dtype),
        z=_basis(nz, dtype),
        band=pack_band(folded_blocks(operator), ny, dtype),
        reference=aligned(pull[:even] * np.sqrt(nx * nz), dtype),
        large=1 if field > _CACHE_BYTES else None,
        strip=work(nx, 2 * _ALIGNMENT // size),
        slab=work(members, COMPONENTS, nx, columns),
        lines=work(2, 2, half_z, row),
        **{f"z_{name}": work(half_z, row) for name in ("even", "odd")},
        rows=work(2, SECTORS * members, width),
        products=work(2, SECTORS * members, width),
    )


def _whole(count, size):
    """The least multiple of size that holds `count`."""
    return -(-count // size) * size


def _basis(n, dtype):
    """transforms.Basis of n points."""
    cosines, sines = fourier_basis(n)
    matrices = (cosines, sines, cosines.T, sines.T)
    return Basis(n, *(aligned(m.ravel(), dtype) for m in matrices))


def aligned(array, dtype):
    """A contiguous copy of another type that begins at a cache line."""
    array = np.asarray(array)
    spare = _ALIGNMENT // np.dtype(dtype).itemsize
    flat = np.empty(array.size + spare, dtype)
    skipped = -flat.ctypes.data % _ALIGNMENT // flat.itemsize
    copy = flat[skipped : skipped + array.size].reshape(array.shape)
    copy[...] = array
    return copy


def whole_vectors(matrix):
    """The matrix with zeros added up to whole vectors of columns."""
    return np.pad(matrix, ((0, 0), (0, -matrix.shape[1] % VECTOR)))


def fourier_basis(n):
    """Orthonormal cosines and sines on n points, on the folded half.

    returns : two ndarrays, shape (n//2 + 1, n//2 + 1)
        Function k (row) at point i (column), 0 … n//2; the sines' edges are zero.
    """
    half = np.arange(n // 2 + 1)
    pairs = (half >= 1) & (half <= (n - 1) // 2)
    norm = np.where(pairs, np.sqrt(2 / n), np.sqrt(1 / n))
    angles = 2 * np.pi * np.outer(half, half) / n
    cosines = norm[:, None] * np.cos(angles)
    sines = np.where(np.outer(pairs, pairs), np.sqrt(2 / n) * np.sin(angles), 0.0)
    return cosines, sines


def folded_blocks(operator):
    """Minus the mirror blocks, in the order and normalisation of kernels.blocks.

    returns : ndarray, shape (nkx·nkz, 2, width, width), eV/Å²
        The kernels fold y without the factor √½ of the orthonormal functions; it stands here.
    """
    nx, ny, nz = operator.slab.shape
    ne, no = (ny + 1) // 2, ny // 2
    norm = np.where(np.arange(ne) < no, np.sqrt(0.5), 1.0)
    blocks = np.zeros((nx // 2 + 1, nz // 2 + 1, 2, 3 * ne, 3 * ne))
    for ix, iz in np.ndindex(blocks.shape[:2]):
        for p, block in enumerate(operator.mirror_blocks(ix, iz)):
            counts = (ne, no, ne) if p == 0 else (no, ne, no)
            places = np.concatenate([3 * np.arange(n) + c for c, n in enumerate(counts)])
            norms = np.concatenate([norm[:n] for n in counts])
            blocks[ix, iz, p][np.ix_(places, places)] = -norms[:, None] * block * norms
    return blocks.reshape(-1, 2, 3 * ne, 3 * ne)


def pack_band(blocks, ny, dtype):
    """Cut the band of every block into tiles, for kernels.blocks.multiply_block.

    blocks : ndarray, shape (blocks, 2, 3 layers, 3 layers), of folded_blocks
    returns : Band
        tiles : ndarray of dtype, the tiles one after the other, row by row
        start, first, terms : ndarray of int, shape (blocks, 2, tiles)
            Where a tile starts in `tiles`, its first row in the block, and its number of rows.

    Rows below a tenth of the rounding error of a block's largest element are left out.
    """
    columns = TILE_COLUMNS
    shape = (*blocks.shape[:2], -(-blocks.shape[-1] // columns))
    orders = [
        [COMPONENTS * layer + c for c, layer in packed_order((ny + 1) // 2, ny // 2, p)]
        for p in range(2)
    ]
    tables = {name: np.zeros(shape, np.int64) for name in ("start", "first", "terms")}
    pieces, end = [], 0
    for b, p in np.ndindex(shape[:2]):
        block = blocks[b, p][np.ix_(orders[p], orders[p])]
        negligible = np.finfo(dtype).eps / 10 * np.abs(block).max()
        previous = np.empty((0, 0))
        for t in range(shape[2]):
            strip = block[:, columns * t : columns * (t + 1)]
            rows = np.flatnonzero(np.abs(strip).max(axis=1) > negligible)
            first, last = (rows[0], rows[-1] + 1) if len(rows) else (0, 0)
            tile = whole_vectors(strip[first:last])
            same = tile.shape == previous.shape and np.all(np.abs(tile - previous) < negligible)
            if not same:
                pieces.append(tile.ravel())
                start, end, previous = end, end + tile.size, tile
            for table, value in zip(tables.values(), (start, first, len(tile)), strict=True):
                table[b, p, t] = value
    return Band(aligned(np.concatenate(pieces), dtype), **tables)
