"""Eigenmodes of the linear dynamics of one block, or of several as a stack.

Where two modes fall into one, as at γ = 2ω under uniform damping, there are too few of them, and
near it they lose in rounding what they nearly share. What a uniform temperature of 1 K does in one
block is known without them, ⟨w w†⟩ = k_B H⁻¹, for the equation of motion and for the substep: modes
that miss it are not used, but those of a damping some 10⁻⁷ away.

Small blocks are diagonalised many at a time; one that then misses is tried again by itself.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ferronhall.base import units
from ferronhall.base.errors import TheoryError
from ferronhall.theory.layer_basis import LayerBasis
from ferronhall.theory.pair import covariance, white

_STEPS = (0.0, 1e-7, -3e-7, 1e-6, -3e-6)
"""Relative changes of the damping that are tried in turn, while they help."""

_MISSED, _MOST_MISSED = 1e-8, 1e-5
"""Part of ⟨w w†⟩ by which modes may miss it: without another try, and at all.

Weak damping alone misses by the ratio of ω to it in roundings, 10⁻⁶ at 10⁻⁵/ps, which no step
helps; nor does one help modes that strong damping in an oblique field leaves all but parallel.
"""


_TOGETHER_BYTES = 5e5
"""Of the vectors of blocks that are taken at a time: more would not stay in a core's cache."""

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
        return _in_pairs(np.linalg.inv(columns), twin)

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


def blocks_together(bases):
    """How many blocks, solved in these bases, are taken at a time."""
    size = max(basis.adjoint.shape[0] for basis in bases)
    return max(1, int(_TOGETHER_BYTES / (16 * (2 * size) ** 2)))


def diagonalise(dynamics, hessians, basis):
    """Modes of blocks in one basis, from their Hessians of shape (blocks, 3 ny, 3 ny): a list.

    raises : TheoryError when the modes do not give the equilibrium of a uniform temperature
    """
    projected = basis.project_all(hessians)
    together = _together(dynamics, projected, basis) if len(projected) > 1 else None
    if together is None:
        return [_one(dynamics, hessian, basis) for hessian in projected]
    modes, missed = together
    return [
        modes[n] if missed[n] < _MISSED else _one(dynamics, projected[n], basis)
        for n in range(len(projected))
    ]


def _together(dynamics, projected, basis):
    """Modes of all blocks as a stack, and what each of them misses.

    None where some have other numbers of modes, or none are found.
    """
    matrices, noise = dynamics.matrices(projected, basis)
    try:
        values, vectors = np.linalg.eig(matrices)
        if basis.real:
            oscillating = values.imag > 0
            if not np.all(2 * oscillating.sum(axis=1) == values.shape[1]):
                return None
        modes = _modes(values, vectors, noise, basis, dynamics.inertia(projected))
    except np.linalg.LinAlgError:
        return None
    missed = _sum_rule(modes, projected)
    return modes, np.where(dynamics.growth(modes.values).max(axis=1) >= 0, 0.0, missed)


def _one(dynamics, projected, basis):
    """Modes of one block, from its Hessian in the basis."""
    least, best = np.inf, None
    for step in _STEPS:
        near = replace(dynamics, damping=dynamics.damping * (1 + step)) if step else dynamics
        matrix, noise = near.matrices(projected, basis)
        try:
            modes = _modes(*np.linalg.eig(matrix), noise, basis, near.inertia(projected))
        except np.linalg.LinAlgError:
            continue
        # a block that grows has no equilibrium to compare with, and is refused by its growth
        grows = near.growth(modes.values).max() >= 0
        missed = 0.0 if grows else float(_sum_rule(modes, projected))
        helped = missed < least / 2
        if missed < least:
            least, best = missed, modes
        if least < _MISSED or not helped:
            break
    if least > _MOST_MISSED:
        raise TheoryError(
            f"the slab's modes are so nearly parallel that a part {least:.1g} of their covariance "
            "is lost in rounding; lower damping.gamma_bulk_per_ps and damping.gamma_edge_per_ps, "
            "or turn field.direction along z"
        )
    return best


def _modes(values, vectors, noise, basis, inertia):
    m = noise.shape[-1]
    driven = np.concatenate([np.zeros_like(noise), noise], axis=-2)
    if not basis.real:
        drive = np.linalg.solve(vectors, driven)
        w, p = vectors[..., :m, :], vectors[..., m:, :]
        return Modes(basis, values, np.ones(values.shape), w, p, drive, inertia)
    chosen, size = values.imag >= 0, vectors.shape[-1]
    # a stack has as many of them in every block
    many = values.shape[:-1]
    vectors = np.swapaxes(vectors, -1, -2)[chosen].reshape(*many, -1, size)
    vectors, values = np.swapaxes(vectors, -1, -2), values[chosen].reshape(*many, -1)
    twin = values.imag > 0
    parts = np.concatenate([vectors.real, vectors.imag], axis=-1)
    # s = Σ 2 Re(v d) over modes that have a conjugate, and v d of those that are their own
    if twin.all():
        drive = np.linalg.solve(parts, driven)
        drive *= np.repeat([0.5, -0.5], values.shape[-1])[:, None]
    else:
        columns = np.hstack([vectors.real, vectors.imag[:, twin]])
        drive = _in_pairs(np.linalg.solve(columns, driven), twin)
    share = np.where(twin, 1.0, 0.5)
    w, p = parts[..., :m, :], parts[..., m:, :]
    return Modes(basis, values.astype(complex), share, w, p, drive, inertia)


def _in_pairs(answer, twin):
    """Real and imaginary parts of d, shape (2n, m), from what counts the columns of Re v, Im v."""
    n = len(twin)
    found = np.zeros((2 * n, answer.shape[1]))
    found[:n] = answer[:n]
    found[:n][twin] /= 2
    found[n:][twin] = -answer[n:] / 2
    return found


def _sum_rule(modes, hessian):
    """Relative distance of ⟨w w†⟩ at 1 K from k_B H⁻¹, on a few random displacements."""
    shared = modes.drive @ _adjoint(modes.drive)
    probes = np.random.default_rng(0).standard_normal((hessian.shape[-1], 4))
    pulled = _adjoint(modes.displacement) @ (hessian @ probes)
    found = modes.displacement @ (covariance(modes, modes, shared, white) @ pulled)
    found = found / units.BOLTZMANN_EV_PER_K
    return np.linalg.norm(found - probes, axis=(-2, -1)) / np.linalg.norm(probes)


def _adjoint(matrix):
    return np.swapaxes(matrix, -1, -2).conj()
