"""Eigenmodes of the linear dynamics, for every wave vector of the slab."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ferronhall.base.errors import TheoryError
from ferronhall.model.reference import hessian_block
from ferronhall.theory.layer_basis import has_conjugate_mirror, layer_bases


@dataclass(frozen=True)
class Modes:
    """Modes of one (q_x, q_z) that the bath and the coupling keep among themselves.

    values : ndarray, shape (m,)
        λ of the equation of motion (1/ps), or of the substep.
    vectors : ndarray, shape (2, 3, ny, m), complex
        Displacement and velocity of every mode, right eigenvectors.
    drive : ndarray, shape (m, 3 ny), complex
        How the bath's unit normals enter every mode.
    share : ndarray, shape (m,)
        1, or with partners 1 for one mode of a pair, 0 for the other, ½ for its own partner.
    partners : bool
        Whether the modes come in pairs related by the y mirror and complex conjugation.
    """

    values: np.ndarray
    vectors: np.ndarray
    drive: np.ndarray
    share: np.ndarray
    partners: bool

    @cached_property
    def representative(self):
        """One mode of each pair (all modes without partners), its drive weighted by its share."""
        if not self.partners:
            return self
        chosen = self.share > 0
        return Modes(
            self.values[chosen],
            np.ascontiguousarray(self.vectors[..., chosen]),
            self.share[chosen, None] * self.drive[chosen],
            self.share[chosen],
            self.partners,
        )

    @property
    def nbytes(self):
        """Memory of the modes and their representatives."""
        arrays = (self, self.representative) if self.partners else (self,)
        return sum(m.vectors.nbytes + m.drive.nbytes for m in arrays)

    def opposite(self):
        """The modes at −q_x: complex conjugate, and mirrored in z."""
        sign = np.array([1, 1, -1])
        vectors = self.vectors.conj() * sign[:, None, None]
        drive = self.drive.conj() * np.repeat(sign, self.vectors.shape[2])
        return Modes(self.values.conj(), vectors, drive, self.share, self.partners)


class Spectrum:
    """Where the modes of a wave vector are found.

    With mirrors those at q_x, q_z ≥ 0 stand for all; otherwise those at q_z ≥ 0.
    """

    def __init__(self, operator, stiffness, dynamics, field):
        self.operator, self.stiffness, self.dynamics = operator, stiffness, dynamics
        self.bases = layer_bases(operator, field)
        self.mirrored = has_conjugate_mirror(operator, field)
        self._solved = {}

    @property
    def wave_vectors(self):
        """(ix, iz) of the blocks to diagonalise."""
        nx, _, nz = self.operator.slab.shape
        columns = range(nx // 2 + 1) if self.mirrored else range(nx)
        return [(ix, iz) for ix in columns for iz in range(nz // 2 + 1)]

    def solve(self, ix, iz):
        """Diagonalise one block; call for every wave vector before asking for modes.

        raises : TheoryError when a mode grows: there is no steady state
        """
        hessian = hessian_block(self.operator, self.stiffness, ix, iz)
        solved = [diagonalise(self.dynamics, hessian, basis) for basis in self.bases]
        growth = max(self.dynamics.growth(modes.values).max() for modes in solved)
        if growth >= 0:
            nx, _, nz = self.operator.slab.shape
            raise TheoryError(
                f"there is no steady state: a mode at q_x = {ix}/{nx}, q_z = {iz}/{nz} (units of "
                f"2π/a) grows at {growth:.3g}/ps; lower temperature.T_hot_K or choose another "
                "short_range.preset"
            )
        self._solved[ix, iz] = solved

    def modes(self, ix, iz):
        """Modes at (q_x, q_z ≥ 0) as a list of Modes, one for each basis."""
        nx = self.operator.slab.nx
        ix %= nx
        if (ix, iz) in self._solved:
            return self._solved[ix, iz]
        return [modes.opposite() for modes in self._solved[nx - ix, iz]]


def diagonalise(dynamics, hessian, basis):
    """Modes of one block in one basis, from its Hessian of shape (3 ny, 3 ny)."""
    matrix, noise = dynamics.matrices(basis.project(hessian), basis)
    values, vectors = np.linalg.eig(matrix)
    values, vectors = values.astype(complex), vectors.astype(complex)
    drive = np.linalg.solve(vectors, noise)
    layers = len(hessian) // 3
    half = len(vectors) // 2
    full = np.stack([basis.functions @ part for part in (vectors[:half], vectors[half:])])
    share = np.where(values.imag > 0, 1.0, 0.0) if basis.real else np.ones(len(values))
    if basis.real:
        share[values.imag == 0] = 0.5
    return Modes(values, full.reshape(2, 3, layers, -1), drive, share, basis.real)
