"""Everything the block route computes once: bases, the blocks' bands, and its work arrays."""

import numpy as np

from ferronhall.kernels.blocks import VECTOR, BlockPlan, Panels


def build_plan(operator, pull, dtype):
    """The plan of a mirror-symmetric operator, with work arrays of its own.

    pull : ndarray, shape (ny,), eV/Å
        Force along x of the uniform state on itself, even in y.
    """
    nx, ny, nz = operator.slab.shape
    blocks = folded_blocks(operator)
    cos_x, sin_x = fourier_basis(nx)
    cos_z, sin_z = fourier_basis(nz)

    def cast(array):
        return np.ascontiguousarray(array, dtype)

    def empty(*shape):
        return np.zeros(shape, dtype)

    return BlockPlan(
        nz=nz,
        ny=ny,
        cos_x=cast(cos_x),
        sin_x=cast(sin_x),
        cos_x_transposed=cast(cos_x.T),
        sin_x_transposed=cast(sin_x.T),
        cos_z=cast(fours(cos_z)),
        sin_z=cast(fours(sin_z)),
        cos_z_transposed=cast(fours(cos_z.T)),
        sin_z_transposed=cast(fours(sin_z.T)),
        panels=pack_panels(blocks, dtype),
        reference=cast(pull[: (ny + 1) // 2] * np.sqrt(nx * nz)),
        x_even=empty(len(cos_x), nz * ny),
        x_odd=empty(len(sin_x), nz * ny),
        x_cos=empty(len(cos_x), nz * ny),
        x_sin=empty(len(sin_x), nz * ny),
        spectrum=empty(len(blocks), 2, 4, (ny + 1) // 2, 3),
        product=empty(len(blocks), 2, 4, (ny + 1) // 2, 3),
    )


def fourier_basis(n):
    """Orthonormal cosines and sines on n points, on the folded half.

    returns : two ndarrays, shapes (n//2 + 1, n//2 + 1) and ((n−1)//2, (n−1)//2)
        Function k (row) at point i (column), i = 0 … n//2 for cosines and 1 … for sines.
    """
    half = np.arange(n // 2 + 1)
    pairs = np.arange(1, (n - 1) // 2 + 1)
    norm = np.full(len(half), np.sqrt(2 / n))
    norm[0] = np.sqrt(1 / n)
    if n % 2 == 0:
        norm[-1] = np.sqrt(1 / n)
    cosines = norm[:, None] * np.cos(2 * np.pi * np.outer(half, half) / n)
    sines = np.sqrt(2 / n) * np.sin(2 * np.pi * np.outer(pairs, pairs) / n)
    return cosines, sines


def fours(matrix):
    """The matrix with zero columns added up to a multiple of 4, at least 4."""
    return np.pad(matrix, ((0, 0), (0, max(4, -(-matrix.shape[1] // 4) * 4) - matrix.shape[1])))


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


def pack_panels(blocks, dtype):
    """Cut the band of every block into panels of three rows, for kernels.blocks.multiply_blocks.

    blocks : ndarray, shape (blocks, 2, 3 layers, 3 layers)
    returns : Panels
        data : ndarray of dtype, the panels one after the other
        start, first, wide : ndarray of int, shape (blocks, 2, layers)
            Where a layer's panel starts in `data`, its first column, and its number of columns.

    Elements below a tenth of the rounding error of a block's largest are left out.
    """
    layers = blocks.shape[-1] // 3
    shape = (*blocks.shape[:2], layers)
    tables = {name: np.zeros(shape, np.int64) for name in ("start", "first", "wide")}
    pieces, end = [], 0
    for b, p in np.ndindex(shape[:2]):
        block = blocks[b, p]
        negligible = np.finfo(dtype).eps / 10 * np.abs(block).max()
        reach = bandwidth(block, negligible)
        previous = np.empty((3, 0))
        for layer in range(layers):
            first, last = 3 * max(0, layer - reach), 3 * min(layers, layer + reach + 1)
            panel = block[3 * layer : 3 * layer + 3, first:last]
            panel = np.pad(panel, ((0, 0), (0, -(last - first) % VECTOR)))
            same = panel.shape == previous.shape and np.all(np.abs(panel - previous) < negligible)
            if not same:
                pieces.append(panel.ravel())
                start, end, previous = end, end + panel.size, panel
            place = (start, first, panel.shape[1])
            for table, value in zip(tables.values(), place, strict=True):
                table[b, p, layer] = value
    return Panels(np.concatenate(pieces).astype(dtype), **tables)


def bandwidth(block, negligible):
    """Largest distance in layers between coupled rows and columns of a block, components inside."""
    layer = np.arange(len(block)) // 3
    distance = np.abs(layer[:, None] - layer)
    return int(np.max(distance, where=np.abs(block) > negligible, initial=0))
