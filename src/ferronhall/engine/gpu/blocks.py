"""The products with the mirror blocks of the slab operator, dense over y (see slab_operator).

One block of the operator serves four sectors, the parities along x and z, of all members: these are
the columns. Its rows and terms are layers counted from the faces, three components each, so that a
coupling of short range is a narrow band; what lies outside of it is not multiplied. A layer and its
mirror image are added and subtracted before the products and after them.
"""

import numba
import numpy as np
from numba import cuda

from ferronhall.engine.block_plan import folded_blocks
from ferronhall.engine.gpu.device import function
from ferronhall.engine.gpu.tile import Tile


class BlockProduct:
    """−K (u0 + w) between the transforms.

    operator : SlabOperator
    pull : ndarray, shape (ny,), eV/Å
        Force along x of the uniform state on itself, even in y.
    members : int
    """

    def __init__(self, operator, pull, dtype, members, tile=None):
        nx, ny, nz = self.shape = operator.slab.shape
        self.members = members
        layers = (ny + 1) // 2
        self.tile = tile or Tile.of(3 * layers, dtype)
        # symmetric, so that rows are terms as well
        blocks = folded_blocks(operator)
        self.bands = cuda.to_device(bands(blocks, self.tile, dtype))
        self.blocks = cuda.to_device(blocks.astype(dtype))
        self.reference = cuda.to_device((pull[:layers] * np.sqrt(nx * nz)).astype(dtype))
        self._kernel = block_product(self.tile, dtype)

    def __call__(self, spectrum, out):
        """From coefficients to coefficients: flat device arrays of (3, nx, nz, ny, members)."""
        tiles = self.tile.column_tiles(4 * self.members)
        grid = len(self.blocks) * tiles, self.tile.row_tiles
        arguments = (*self.shape, self.members, tiles, self.blocks, self.bands, self.reference)
        self._kernel[grid, self.tile.threads](spectrum, *arguments, out)


def bands(blocks, tile, dtype):
    """First and last term, one more, that the rows of a thread need, in either parity.

    Terms below a tenth of the rounding error of a block's largest element count as none.

    returns : ndarray of int32, shape (blocks, row threads of all tiles, 2)
    """
    groups = tile.row_tiles * tile.row_threads
    found = np.zeros((len(blocks), groups, 2), np.int32)
    negligible = np.finfo(dtype).eps / 10 * np.abs(blocks).max(axis=(2, 3), keepdims=True)
    counts = (np.abs(blocks) > negligible).any(axis=1)
    for b, group in np.ndindex(found.shape[:2]):
        rows = counts[b, group * tile.rows_each : (group + 1) * tile.rows_each]
        terms = np.flatnonzero(rows.any(axis=0))
        if len(terms):
            found[b, group] = terms[0], terms[-1] + 1
    return found


@function
def line(kx, kz, sector, component, nx, nz):
    """Which line along y holds a component of a sector; −1 for one that does not exist."""
    sine_x = sector >> 1
    sine_z = sector & 1
    if component == 0:
        sine_x = 1 - sine_x
    if component == 2:
        sine_z = 1 - sine_z
    if sine_x == 1:
        if kx == 0 or 2 * kx == nx:
            return -1
        kx = nx - kx
    if sine_z == 1:
        if kz == 0 or 2 * kz == nz:
            return -1
        kz = nz - kz
    return (component * nx + kx) * nz + kz


@function
def negative(sector, component):
    """Whether a component is counted negative in a sector."""
    if component == 0:
        return sector >= 2
    return component == 2 and (sector & 1) == 1


def block_product(tile, dtype):
    """The kernel of all blocks."""
    size, terms, rows, columns = tile.size, tile.terms, tile.rows, tile.columns
    rows_each, columns_each, across = tile.rows_each, tile.columns_each, tile.column_threads
    count = tile.column_threads * tile.row_threads
    staged_rows, staged_columns, sums = terms * rows, terms * columns, rows_each * columns_each
    row_threads = tile.row_threads
    zero = np.dtype(dtype).type(0)
    # sector (1, 0) holds u_x even in x and z
    uniform = 2

    def kernel(source, nx, ny, nz, members, tiles, blocks, bands, reference, out):
        one = cuda.shared.array(staged_rows, dtype)
        other = cuda.shared.array(staged_rows, dtype)
        plus = cuda.shared.array(staged_columns, dtype)
        minus = cuda.shared.array(staged_columns, dtype)
        one_sum = cuda.local.array(sums, dtype)
        other_sum = cuda.local.array(sums, dtype)
        for s in range(sums):
            one_sum[s] = zero
            other_sum[s] = zero
        own_column = cuda.threadIdx.x
        own_row = cuda.threadIdx.y * rows_each
        thread = cuda.threadIdx.y * across + cuda.threadIdx.x
        block = cuda.blockIdx.x // tiles
        first_column = (cuda.blockIdx.x % tiles) * columns
        first_row = cuda.blockIdx.y * rows
        sectors = cuda.local.array(columns_each, numba.int32)
        states = cuda.local.array(columns_each, numba.int32)
        for c in range(columns_each):
            column = first_column + own_column + c * across
            sectors[c] = column // members if column < 4 * members else -1
            states[c] = column % members
        kx, kz = block // (nz // 2 + 1), block % (nz // 2 + 1)
        layers, mirrored = (ny + 1) // 2, ny // 2
        group = cuda.blockIdx.y * row_threads
        begin, end = bands[block, group, 0], bands[block, group, 1]
        for t in range(1, row_threads):
            first, last = bands[block, group + t, 0], bands[block, group + t, 1]
            if first < last:
                begin = first if first < begin or begin == end else begin
                end = last if last > end else end
        group += cuda.threadIdx.y
        low, high = bands[block, group, 0], bands[block, group, 1]
        for chunk in range(begin, end, terms):
            for e in range(thread, staged_rows, count):
                term, row = chunk + e // rows, first_row + e % rows
                one[e] = zero
                other[e] = zero
                if term < size and row < size:
                    one[e] = blocks[block, 0, term, row]
                    other[e] = blocks[block, 1, term, row]
            for own in range(cuda.threadIdx.y, terms, row_threads):
                term = chunk + own
                component, layer = term % 3, term // 3
                for c in range(columns_each):
                    a = zero
                    b = zero
                    found = -1
                    if term < size and sectors[c] >= 0:
                        found = line(kx, kz, sectors[c], component, nx, nz)
                    if found >= 0:
                        a = source[(found * ny + layer) * members + states[c]]
                        if layer < mirrored:
                            b = source[(found * ny + layers + layer) * members + states[c]]
                            a, b = a + b, a - b
                        if component == 1:
                            a, b = b, a
                        if negative(sectors[c], component):
                            a, b = -a, -b
                    plus[own * columns + own_column + c * across] = a
                    minus[own * columns + own_column + c * across] = b
            cuda.syncthreads()
            first = low - chunk if low > chunk else 0
            last = high - chunk if high < chunk + terms else terms
            for term in range(first, last):
                for c in range(columns_each):
                    a = plus[term * columns + own_column + c * across]
                    b = minus[term * columns + own_column + c * across]
                    for r in range(rows_each):
                        one_sum[r * columns_each + c] += one[term * rows + own_row + r] * a
                        other_sum[r * columns_each + c] += other[term * rows + own_row + r] * b
            cuda.syncthreads()
        for r in range(rows_each):
            row = first_row + own_row + r
            component, layer = row % 3, row // 3
            for c in range(columns_each):
                sector, state = sectors[c], states[c]
                if row < size and sector >= 0:
                    found = line(kx, kz, sector, component, nx, nz)
                    if found >= 0:
                        a = one_sum[r * columns_each + c]
                        b = other_sum[r * columns_each + c]
                        if component == 1:
                            a, b = b, a
                        if negative(sector, component):
                            a, b = -a, -b
                        if block == 0 and component == 0 and sector == uniform:
                            a += reference[layer]
                        if layer < mirrored:
                            a, b = a + b, a - b
                            out[(found * ny + layers + layer) * members + state] = b
                        out[(found * ny + layer) * members + state] = a

    return tile.compiled(kernel)
