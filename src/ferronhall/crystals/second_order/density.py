"""A periodic electron density as a finite Fourier series, from a grid or for any grid."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Density:
    """n(r) = Σ_G n(G) exp(i G.r), real.

    cell : ndarray, shape (3, 3), Å
        Rows are the vectors of the cell.
    miller : ndarray of int, shape (g, 3)
        Indices of G in the reciprocal basis; each once, with its negative.
    coefficients : ndarray, complex, shape (g,), e/Å³
        Number density, so a charge density has the opposite sign.
    """

    cell: np.ndarray
    miller: np.ndarray
    coefficients: np.ndarray

    @property
    def wave_vectors(self):
        """G in Cartesian coordinates (1/Å), shape (g, 3)."""
        return 2 * np.pi * self.miller @ np.linalg.inv(self.cell).T

    def on_grid(self, shape):
        """Values at the points (i/n1, j/n2, k/n3) of the cell, exact on any grid.

        shape : three ints
        returns : ndarray, shape `shape`, e/Å³
        """
        # on a coarse grid several waves are the same function of its points, so they add up
        folded = np.zeros(shape, complex)
        np.add.at(folded, tuple((self.miller % np.asarray(shape)).T), self.coefficients)
        return np.fft.ifftn(folded, norm="forward").real

    def at(self, points):
        """Values at Cartesian points (Å), shape (p, 3) -> (p,), e/Å³."""
        return np.array(
            [(self.coefficients @ np.exp(1j * self.wave_vectors @ r)).real for r in points]
        )

    def folded(self, supercell):
        """Average over the translations of a smaller cell, of which this one is a supercell.

        supercell : array of int, shape (3, 3)
            Rows are this density's cell vectors in the basis of the smaller cell's.
        returns : Density in the smaller cell
        """
        fractions = self.miller @ np.linalg.inv(supercell).T
        kept = np.all(np.abs(fractions - np.rint(fractions)) < 1e-6, axis=1)
        return Density(
            np.linalg.inv(supercell) @ self.cell,
            np.rint(fractions[kept]).astype(int),
            self.coefficients[kept],
        )

    def repeated(self, supercell):
        """The same density described in a supercell of its cell.

        supercell : array of int, shape (3, 3)
            Rows are the supercell's vectors in the basis of this cell's.
        returns : Density
        """
        supercell = np.asarray(supercell)
        return Density(supercell @ self.cell, self.miller @ supercell.T, self.coefficients)


def from_grid(cell, values):
    """The Fourier series through the points of a grid.

    cell : array, shape (3, 3), Å
    values : array, shape (n1, n2, n3), e/Å³
        At the points (i/n1, j/n2, k/n3) of the cell.
    returns : Density
    """
    coefficients = np.fft.fftn(values, norm="forward")
    indices = [np.rint(np.fft.fftfreq(n) * n).astype(int) for n in coefficients.shape]
    for axis, n in enumerate(coefficients.shape):
        if n % 2 == 0:
            # half of the highest wave goes to +n/2 and half to -n/2, or no rotation could act on it
            half = np.take(coefficients, [n // 2], axis=axis) / 2
            kept = [slice(None)] * 3
            kept[axis] = slice(n // 2, n // 2 + 1)
            coefficients[tuple(kept)] = half
            coefficients = np.concatenate([coefficients, half], axis=axis)
            indices[axis] = np.append(indices[axis], n // 2)
    miller = np.stack(np.meshgrid(*indices, indexing="ij"), axis=-1).reshape(-1, 3)
    return Density(np.asarray(cell, dtype=float), miller, coefficients.ravel())
