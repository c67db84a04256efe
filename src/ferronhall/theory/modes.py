"""Eigenmodes of the linear dynamics, for every wave vector of the slab.

Where two modes fall into one, as at γ = 2ω under uniform damping, there are too few of them, and
near it they lose in rounding what they nearly share. What a uniform temperature of 1 K does in one
block is known without them, ⟨w w†⟩ = k_B H⁻¹, for the equation of motion and for the substep: modes
that miss it are not used, but those of a damping some 10⁻⁷ away.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ferronhall.base import units
from ferronhall.base.errors import TheoryError
from ferronhall.model.reference import hessian_block
from ferronhall.theory.layer_basis import has_conjugate_mirror, layer_bases

_STEPS = (0.0, 1e-7, -3e-7, 1e-6, -3e-6)
"""Relative changes of the damping that are tried in turn, while they help."""

_MISSED, _MOST_MISSED = 1e-8, 1e-5
"""Part of ⟨w w†⟩ by which modes may miss it: without another try, and at all.

Weak damping alone misses by the ratio of ω to it in roundings, 10⁻⁶ at 10⁻⁵/ps, which no step
helps; nor does one help modes that strong damping in an oblique field leaves all but parallel.
"""


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
    """Modes of one block in one basis, from its Hessian of shape (3 ny, 3 ny).

    raises : TheoryError when the modes do not give the equilibrium of a uniform temperature
    """
    projected, layers = basis.project(hessian), len(hessian) // 3
    least, best = np.inf, None
    for step in _STEPS:
        near = replace(dynamics, damping=dynamics.damping * (1 + step))
        matrix, noise = near.matrices(projected, basis)
        values, vectors = np.linalg.eig(matrix)
        values, vectors = values.astype(complex), vectors.astype(complex)
        try:
            drive = np.linalg.solve(vectors, noise)
        except np.linalg.LinAlgError:
            continue
        # a block that grows has no equilibrium to compare with, and is refused by its growth
        grows = near.growth(values).max() >= 0
        missed = 0.0 if grows else _sum_rule(near, projected, values, vectors, drive)
        helped = missed < least / 2
        if missed < least:
            least, best = missed, (values, vectors, drive)
        if least < _MISSED or not helped:
            break
    if least > _MOST_MISSED:
        raise TheoryError(
            f"the slab's modes are so nearly parallel that a part {least:.1g} of their covariance "
            "is lost in rounding; lower damping.gamma_bulk_per_ps and damping.gamma_edge_per_ps, "
            "or turn field.direction along z"
        )
    return _modes(*best, layers, basis)


def _modes(values, vectors, drive, layers, basis):
    half = len(vectors) // 2
    full = np.stack([basis.functions @ part for part in (vectors[:half], vectors[half:])])
    share = np.where(values.imag > 0, 1.0, 0.0) if basis.real else np.ones(len(values))
    if basis.real:
        share[values.imag == 0] = 0.5
    return Modes(values, full.reshape(2, 3, layers, -1), drive, share, basis.real)


def _sum_rule(dynamics, hessian, values, vectors, drive):
    """Relative distance of ⟨w w†⟩ at 1 K from k_B H⁻¹, on a few random displacements."""
    displacement = vectors[: len(hessian)]
    covariance = (drive @ drive.conj().T) * dynamics.build_up(values, values)
    probes = np.random.default_rng(0).standard_normal((len(hessian), 4))
    pulled = displacement.conj().T @ (hessian @ probes)
    found = displacement @ (covariance @ pulled) / units.BOLTZMANN_EV_PER_K
    return np.linalg.norm(found - probes) / np.linalg.norm(probes)
