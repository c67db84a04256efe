"""The shape of a product's tiles, and the step that every product shares.

A product takes pairs of columns, an even and an odd one, through two matrices of the same size. A
block of threads has `rows` rows of both and `columns` columns; its threads along x take columns
beside one another, so that what a warp reads and writes is one run of memory, and all of a warp's
threads need the same number of a matrix. What a thread adds up, ROWS_EACH × COLUMNS_EACH numbers of
either kind, stays in registers.
"""

from dataclasses import dataclass

import numpy as np
from numba import cuda

from ferronhall.engine.gpu.device import EMULATED

_REGISTERS = 65536
"""Of a multiprocessor, which the threads of a block share."""

_ROW_THREADS = 16
"""Most of a block along its rows: with more the sums would not stay in registers."""

_STAGED = 16
"""Most terms that lie in shared memory at a time; in double precision half of that."""


@dataclass(frozen=True)
class Tile:
    """Shape of a product's tiles.

    size : int
        Rows and terms of the matrices.
    terms : int
        Of the sum, staged in shared memory at a time.
    row_threads, rows_each, column_threads, columns_each : int
    """

    size: int
    terms: int
    row_threads: int
    rows_each: int
    column_threads: int
    columns_each: int

    @classmethod
    def of(cls, size, dtype, rows_each=4, columns_each=4):
        """A shape for a size and a type of numbers, and what a thread adds up."""
        if EMULATED:
            # a thread costs more than what it does, and so does waiting for the others
            return cls(size, size, 1, size, 1, 16)
        tiles = -(-size // (_ROW_THREADS * rows_each))
        most = _STAGED * 4 // np.dtype(dtype).itemsize
        terms = -(-size // -(-size // most))
        row_threads = -(-size // (rows_each * tiles))
        return cls(size, terms, row_threads, rows_each, 32, columns_each)

    @property
    def rows(self):
        """Of a tile."""
        return self.row_threads * self.rows_each

    @property
    def row_tiles(self):
        """Tiles that hold all rows."""
        return -(-self.size // self.rows)

    @property
    def columns(self):
        """Of a tile."""
        return self.column_threads * self.columns_each

    def column_tiles(self, columns):
        """Tiles that hold so many columns."""
        return -(-columns // self.columns)

    @property
    def threads(self):
        """Of a block, along x and y."""
        return self.column_threads, self.row_threads

    @property
    def registers(self):
        """Most that a thread may have for a block to fit."""
        return min(255, _REGISTERS // (32 * -(-self.column_threads * self.row_threads // 32)))

    def compiled(self, kernel):
        """A kernel of these tiles."""
        return cuda.jit(kernel) if EMULATED else cuda.jit(max_registers=self.registers)(kernel)
