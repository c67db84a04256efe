"""The modes of one q_z at every q_x, side by side, and how functions of the layer make sites.

In a real basis (see layer_basis) columns are real and imaginary parts of modes, as in modes.Modes,
and whatever has the symmetry of the basis is real: products take a quarter of the time. The block
at −q_x is then that at q_x with the functions' signs. Otherwise a column is a mode.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ferronhall.theory.layer_basis import LayerBasis
from ferronhall.theory.pair import paired, white


@dataclass(frozen=True)
class ModeColumns:
    """n modes at each of nx q_x, in N columns, in a basis of m functions.

    basis : layer_basis.LayerBasis
    values : ndarray, shape (nx, n)
        λ (1/ps).
    share : ndarray, shape (nx, n), as in modes.Modes
    vectors : ndarray, shape (nx, 2m, N)
        w and p of every column.
    inverse : ndarray, shape (nx, N, 2m)
        How w and p enter every column.
    drive : ndarray, shape (nx, N, m)
        How the bath's unit normals do.
    sign : ndarray, shape (2m,)
        ±1 of w and p in every function, by which a block's complex conjugate is that at −q_x.
    felt : int
        Components that a stiffness varying from site to site acts on, counted from x.
    """

    basis: LayerBasis
    values: np.ndarray
    share: np.ndarray
    vectors: np.ndarray
    inverse: np.ndarray
    drive: np.ndarray
    sign: np.ndarray
    felt: int

    @classmethod
    def complete(cls, spectrum, iz, felt):
        """All modes in the layers themselves, each a complex column."""
        blocks = [_complete(spectrum, ix, iz) for ix in range(spectrum.operator.slab.nx)]
        values, vectors, drive = map(np.array, zip(*blocks, strict=True))
        slab, share = spectrum.operator.slab, np.ones(values.shape)
        components = np.array([1, 1, 1 if iz in (0, slab.nz / 2) else -1])
        sign = np.tile(np.repeat(components, slab.ny), 2)
        inverse = np.linalg.inv(vectors)
        return cls(LayerBasis(slab.ny), values, share, vectors, inverse, drive, sign, felt)

    @classmethod
    def of_bases(cls, spectrum, iz, felt):
        """Modes in the real bases in which the blocks were solved: a list, one for each."""
        nx = spectrum.operator.slab.nx
        blocks = [spectrum.modes(ix, iz) for ix in range(nx)]
        signs = [opposite for _, opposite in blocks]
        return [
            cls._of_basis([modes[b] for modes, _ in blocks], signs, felt)
            for b in range(len(blocks[0][0]))
        ]

    @classmethod
    def _of_basis(cls, blocks, opposite, felt):
        basis, m = blocks[0].basis, len(blocks[0].displacement)
        # a block that has modes without a conjugate has more of them; what it lacks counts nothing
        n = max(len(modes.values) for modes in blocks)
        values, share = np.full((len(blocks), n), -1.0 + 0j), np.ones((len(blocks), n))
        vectors = np.zeros((len(blocks), 2 * m, 2 * n))
        inverse, drive = np.zeros((len(blocks), 2 * n, 2 * m)), np.zeros((len(blocks), 2 * n, m))
        for q, modes in enumerate(blocks):
            own = len(modes.values)
            values[q, :own], share[q, :own] = modes.values, modes.share
            sign = basis.opposite if opposite[q] else np.ones(m)
            both = np.tile(sign, 2)
            parts = np.vstack([modes.displacement, modes.momentum]) * both[:, None]
            entering, driven = modes.entering * both, modes.drive * sign
            for half in range(2):
                to, of = slice(half * n, half * n + own), slice(half * own, (half + 1) * own)
                vectors[q, :, to] = parts[:, of]
                inverse[q, to], drive[q, to] = entering[of], driven[of]
        sign = np.tile(basis.opposite, 2)
        return cls(basis, values, share, vectors, inverse, drive, sign, felt)

    @property
    def dtype(self):
        """Of columns and of what is made of them."""
        return self.vectors.dtype

    @cached_property
    def rows(self):
        """Functions of the components felt, indices of shape (r,)."""
        return np.flatnonzero(np.abs(self._functions[: self.felt]).sum(axis=(0, 1)))

    @cached_property
    def _functions(self):
        """The functions, shape (3, ny, m), dense."""
        return self.basis.functions.toarray().reshape(3, self.basis.ny, -1)

    @cached_property
    def felt_functions(self):
        """Those in `rows`, of the components felt, shape (felt, ny, r)."""
        return self._functions[: self.felt, :, self.rows]

    @cached_property
    def groups(self):
        """Places in `rows` of the functions that share a layer, for every layer kept."""
        within = np.abs(self.felt_functions).sum(axis=0) > 0
        return [np.flatnonzero(layer) for layer in within[: self.basis.layers_kept]]

    @property
    def groups_apart(self):
        """Those that have no function in common, together all; none is empty."""
        count = (self.basis.ny + 1) // 2 if self.basis.real else self.basis.ny
        return [group for group in self.groups[:count] if len(group)]

    def local(self, profiles):
        """What multiplying every component in a layer by its own number is between functions.

        profiles : ndarray, shape (n, ny), complex
        returns : ndarray, shape (n, m, m)
        """
        functions = self._functions
        weighted = profiles[:, None, :, None] * functions
        m = functions.shape[-1]
        flat = functions.reshape(-1, m)
        return np.matmul(flat.conj().T, weighted.reshape(len(profiles), -1, m))

    def built_up(self, q, source):
        """Covariance in modes, between those at q and all others, of the noise they share.

        source : ndarray, shape (nx, N, N); overwritten
        """
        values, others = self.values[q], self.values
        direct = white(values, others.conj(), True)
        if not self.basis.real:
            source *= direct
            return source
        crossed = white(values, others, False)
        return paired(source, direct, crossed, self.share[q], self.share)


def _complete(spectrum, ix, iz):
    """λ, vectors and drive of all modes of one block, those of its bases together."""
    bases, opposite = spectrum.modes(ix, iz)
    values, vectors, drive = zip(*(modes.complete(opposite) for modes in bases), strict=True)
    return np.concatenate(values), np.hstack(vectors), np.vstack(drive)
