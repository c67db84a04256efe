"""Real Fourier transforms along one periodic axis, all members at once.

A field is (before, n, after) in memory, members last. Of the n coefficients number k is that of
cos 2πki/n, and number n − k that of sin 2πki/n: points i and n − i, and coefficients k and n − k,
are pairs alike, and one kernel serves both ways. Forward the points of a pair are added and
subtracted before the products with cosines and sines (engine.block_plan.fourier_basis), backward
after them.
"""

import numpy as np
from numba import cuda

from ferronhall.engine.block_plan import fourier_basis
from ferronhall.engine.gpu.tile import Tile


class Transform:
    """The transforms of one axis.

    n : int
    dtype : of the fields
    tile : Tile, optional
    """

    def __init__(self, n, dtype, tile=None):
        self.n = n
        self.tile = tile or Tile.of(n // 2 + 1, dtype)
        # by term and row, in the order in which a block reads them
        bases = [np.ascontiguousarray(b.T, dtype) for b in fourier_basis(n)]
        self.forward_bases = [cuda.to_device(b) for b in bases]
        self.backward_bases = [cuda.to_device(np.ascontiguousarray(b.T)) for b in bases]
        self._forward, self._backward = (
            pair_product(self.tile, dtype, fold) for fold in (True, False)
        )

    def forward(self, field, before, out):
        """Coefficients of a field; both flat device arrays of (before, n, after)."""
        self._launch(self._forward, self.forward_bases, field, before, out)

    def backward(self, spectrum, before, out):
        """The field of coefficients."""
        self._launch(self._backward, self.backward_bases, spectrum, before, out)

    def _launch(self, kernel, bases, source, before, out):
        after = source.size // (before * self.n)
        tiles = self.tile.column_tiles(after)
        grid = before * tiles, self.tile.row_tiles
        kernel[grid, self.tile.threads](source, self.n, after, tiles, *bases, out)


def pair_product(tile, dtype, fold):
    """The kernel of both transforms.

    fold : bool
        Whether pairs are added and subtracted before the products, or after them.
    """
    size, terms, rows, columns = tile.size, tile.terms, tile.rows, tile.columns
    rows_each, columns_each, across = tile.rows_each, tile.columns_each, tile.column_threads
    count = tile.column_threads * tile.row_threads
    staged_rows, staged_columns, sums = terms * rows, terms * columns, rows_each * columns_each
    zero = np.dtype(dtype).type(0)

    def kernel(source, n, after, tiles, even_basis, odd_basis, out):
        even = cuda.shared.array(staged_rows, dtype)
        odd = cuda.shared.array(staged_rows, dtype)
        plus = cuda.shared.array(staged_columns, dtype)
        minus = cuda.shared.array(staged_columns, dtype)
        even_sum = cuda.local.array(sums, dtype)
        odd_sum = cuda.local.array(sums, dtype)
        for s in range(sums):
            even_sum[s] = zero
            odd_sum[s] = zero
        own_column = cuda.threadIdx.x
        own_row = cuda.threadIdx.y * rows_each
        thread = cuda.threadIdx.y * across + cuda.threadIdx.x
        start = (cuda.blockIdx.x // tiles) * n * after
        first_column = (cuda.blockIdx.x % tiles) * columns
        first_row = cuda.blockIdx.y * rows
        pairs = (n - 1) // 2
        for chunk in range(0, size, terms):
            for e in range(thread, staged_rows, count):
                term, row = chunk + e // rows, first_row + e % rows
                even[e] = zero
                odd[e] = zero
                if term < size and row < size:
                    even[e] = even_basis[term, row]
                    odd[e] = odd_basis[term, row]
            for e in range(thread, staged_columns, count):
                term, column = chunk + e // columns, first_column + e % columns
                a = zero
                b = zero
                if term < size and column < after:
                    a = source[start + term * after + column]
                    if 0 < term <= pairs:
                        b = source[start + (n - term) * after + column]
                        if fold:
                            a, b = a + b, a - b
                plus[e] = a
                minus[e] = b
            cuda.syncthreads()
            for term in range(terms):
                for c in range(columns_each):
                    a = plus[term * columns + own_column + c * across]
                    b = minus[term * columns + own_column + c * across]
                    for r in range(rows_each):
                        even_sum[r * columns_each + c] += even[term * rows + own_row + r] * a
                        odd_sum[r * columns_each + c] += odd[term * rows + own_row + r] * b
            cuda.syncthreads()
        for r in range(rows_each):
            row = first_row + own_row + r
            for c in range(columns_each):
                column = first_column + own_column + c * across
                if row < size and column < after:
                    a = even_sum[r * columns_each + c]
                    b = odd_sum[r * columns_each + c]
                    paired = 0 < row <= pairs
                    if paired and not fold:
                        a, b = a + b, a - b
                    out[start + row * after + column] = a
                    if paired:
                        out[start + (n - row) * after + column] = b

    return tile.compiled(kernel)
