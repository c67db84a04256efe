"""Eigenmodes of the linear dynamics of one block, or of several as a stack."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ferronhall.theory.layer_basis import LayerBasis

_ARRAYS = ("values", "share", "displacement", "momentum", "drive", "inertia")


@dataclass(frozen=True)
class Modes:
    """Modes of one (q_x, q_z) that the bath and the coupling keep among themselves.

    In a real basis one mode stands for itself and its complex conjugate, and its two columns are
    the real and the imaginary part of its vector; all real parts come first. Otherwise a column is
    a mode. There are n modes in N = 2n or n columns of m functions. Of several blocks as a stack
    every array has their number before its shape.

    basis : layer_basis.LayerBasis of m functions
    values : ndarray, shape (n,)
        λ (1/ps).
    share : ndarray, shape (n,)
        1, or ½ for a mode that is its own conjugate.
    displacement, momentum : ndarray, shape (m, N)
        w and p of every mode, p = λ w.
    drive : ndarray, shape (N, m)
        How the bath's unit normals, one to a function, enter every mode; real and imaginary parts
        in rows.
    inertia : ndarray, shape (m, m), or None
        Q, which makes v = Q p; None for 1.
    """

    basis: LayerBasis
    values: np.ndarray
    share: np.ndarray
    displacement: np.ndarray
    momentum: np.ndarray
    drive: np.ndarray
    inertia: np.ndarray | None

    @classmethod
    def stack(cls, blocks):
        """Blocks of one basis as a stack, which are then views of it; None if they do not fit."""
        if len({len(modes.values) for modes in blocks}) > 1:
            return None
        arrays = [
            None
            if getattr(blocks[0], name) is None
            else np.array([getattr(modes, name) for modes in blocks])
            for name in _ARRAYS
        ]
        return cls(blocks[0].basis, *arrays)

    def __getitem__(self, place):
        """Some of a stack, or one of it; of a single block [None] makes a stack of one."""
        arrays = [None if a is None else a[place] for a in self._arrays]
        some = type(self)(self.basis, *arrays)
        # what is known of all is known of some
        some.__dict__["follow"] = [part[place] for part in self.follow]
        return some

    @property
    def _arrays(self):
        return [getattr(self, name) for name in _ARRAYS]

    @cached_property
    def follow(self):
        """Conjugates of w, p, v and λ v in the layers kept: what a pair needs on its right.

        returns : list of four ndarrays, shape (3, layers, N)
        """
        velocity = self.momentum if self.inertia is None else self.inertia @ self.momentum
        w, v = self._conjugate(self.displacement), self._conjugate(velocity)
        p = v if self.inertia is None else self._conjugate(self.momentum)
        return [w, p, v, self._conjugate(self._times_value(velocity))]

    def _conjugate(self, rows):
        return self.basis.layers(rows).conj()

    @property
    def entering(self):
        """How a displacement and a momentum enter every mode, as in `drive`, shape (N, 2m)."""
        vectors = np.vstack([self.displacement, self.momentum])
        if not self.basis.real:
            return np.linalg.inv(vectors)
        n, twin = len(self.values), self.share == 1
        columns = np.hstack([vectors[:, :n], vectors[:, n:][:, twin]])
        return in_pairs(np.linalg.inv(columns), twin)

    def own_noise(self, spectra, strength):
        """Σ_a w_a F(λ_a) d_a† of every layer by itself: what the noise adds to −⟨p p*⟩.

        spectra : ndarray, shape (waves, n), of a stack (blocks, waves, n)
            F at the modes, with that of a conjugate the conjugate.
        strength : ndarray, shape (ny,)
            As EquationOfMotion.strength.
        returns : ndarray, shape (waves, 3, layers)
        """
        kept = self.basis.layers_kept
        w = self.basis.layers(self.displacement)
        drive = self.basis.layers(np.swapaxes(self.drive, -1, -2)) * strength[:kept, None]
        if not self.basis.real:
            return np.einsum("...kn,...cyn,...cyn->...kcy", spectra, w, drive)
        n, drive, share = self.values.shape[-1], drive.conj(), self.share[..., None, None, :]
        (r, i), (p, q) = ((a[..., :n], a[..., n:]) for a in (w, drive))
        places = (*self.values.shape[:-1], -1, n)
        real = np.swapaxes((2 * share * (r * p - i * q)).reshape(places), -1, -2)
        imaginary = np.swapaxes((-2 * share * (r * q + i * p)).reshape(places), -1, -2)
        work = spectra.real @ real + spectra.imag @ imaginary
        return work.reshape(*spectra.shape[:-1], 3, kept)

    def _times_value(self, columns):
        if not self.basis.real:
            return columns * self.values[..., None, :]
        n, values = self.values.shape[-1], self.values[..., None, :]
        real, imaginary = columns[..., :n], columns[..., n:]
        a, b = values.real, values.imag
        return np.concatenate([real * a - imaginary * b, real * b + imaginary * a], axis=-1)

    @property
    def nbytes(self):
        """Memory of what a pair needs."""
        arrays = (self.displacement, self.momentum, self.drive, *self.follow)
        return sum({id(a): a.nbytes for a in arrays}.values())

    def complete(self, opposite=False):
        """All modes, each with its vector and drive in layers.

        opposite : bool, of −q_x instead: complex conjugate, and mirrored in z
        returns : λ, shape (2m,); vectors (w, p), shape (6 ny, 2m); drive, shape (2m, 3 ny)
        """
        functions, values, drive = self.basis.functions, self.values, self.drive
        parts = [self.displacement, self.momentum]
        if self.basis.real:
            n = len(values)
            twin = self.share == 1
            parts = [p[:, :n] + 1j * p[:, n:] for p in parts]
            parts = [np.hstack([p, p[:, twin].conj()]) for p in parts]
            drive = drive[:n] + 1j * drive[n:]
            drive = np.vstack([drive, drive[twin].conj()])
            values = np.concatenate([values, values[twin].conj()])
        vectors = np.vstack([functions @ p for p in parts])
        drive = (functions.conj() @ drive.T).T
        if opposite:
            sign = np.repeat([1, 1, -1], self.basis.ny)
            values, drive = values.conj(), drive.conj() * sign
            vectors = vectors.conj() * np.tile(sign, 2)[:, None]
        return values, vectors, drive


def in_pairs(answer, twin):
    """Real and imaginary parts of d, shape (2n, m), from what counts the columns of Re v, Im v."""
    n = len(twin)
    found = np.zeros((2 * n, answer.shape[1]))
    found[:n] = answer[:n]
    found[:n][twin] /= 2
    found[n:][twin] = -answer[n:] / 2
    return found
