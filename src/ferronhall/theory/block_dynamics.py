"""The linear dynamics of one (q_x, q_z): the equation of motion, or the integrator's substep.

Both take the form

    dw/dt = p,    Q dp/dt = −(H/M) w + Γ p + noise,    v = Q p

with the noise in each layer by itself. Of the equation of motion Q is 1. Of the substep the
equation holds for differences over h and means of before and after,
(s′ − s)/h = A (s + s′)/2 + noise, with Q = 1 − (h²/4) H/M: its steady state is that of ds/dt = A s
in continuous time, so that both are solved alike.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from ferronhall.base import units


@dataclass(frozen=True)
class EquationOfMotion:
    """ds/dt = A s + B ξ(t), Eq. S3 about the reference state, to first order."""

    mass: float
    generator: np.ndarray
    damping: np.ndarray
    _projected: dict = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def of(cls, model, field):
        """Dynamics of a model in a Field."""
        return cls(model.material.mass[0, 0], field.generator, model.damping)

    @property
    def strength(self):
        """How strong the noise is in every layer, Å/ps^(3/2) K^(-1/2), shape (ny,)."""
        return np.sqrt(2 * self.damping * units.BOLTZMANN_EV_PER_K / self.mass)

    def matrices(self, hessian, basis):
        """A, and how noise enters p, in a basis of layer functions.

        hessian : ndarray, shape (..., m, m), eV/Å², in the basis
        basis : layer_basis.LayerBasis of m functions
        returns : A, shape (..., 2m, 2m), 1/ps; B, shape (m, m), Å/ps^(3/2) K^(-1/2)
        """
        m = hessian.shape[-1]
        decay, noise = self.bath(basis)
        matrix = _of_momenta(hessian)
        matrix[..., m:, :m] = -hessian / self.mass
        matrix[..., m:, m:] = decay
        return matrix, noise

    def bath(self, basis):
        """Γ (1/ps) and B, as `matrices` has them, in a basis, shapes (m, m)."""
        return _once(self._projected, basis, self._bath)

    def _bath(self, basis):
        turn = sparse.kron(self.generator, sparse.eye_array(len(self.damping)))
        return basis.project(turn - _local(self.damping)), basis.project(_local(self.strength))

    @staticmethod
    def inertia(hessian):
        """Q in the basis, or None where it is 1."""
        return None

    @staticmethod
    def growth(values):
        """Rate at which a mode grows (1/ps); negative for one that decays."""
        return values.real


@dataclass(frozen=True)
class Substep:
    """s ← P s + N ξ, the integrator's substep B A G O G A B (see kernels.integrator)."""

    mass: float
    h: float
    rotation: np.ndarray
    damping: np.ndarray
    _projected: dict = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def of(cls, model, field, h):
        """Substep h (ps) of a model in a Field."""
        return cls(model.material.mass[0, 0], h, field.rotation(h / 2), model.damping)

    def propagator(self, hessian, basis):
        """P, shape (2m, 2m), and N, shape (2m, m), of s = (w, v) in a basis of layer functions."""
        ny, m, h = len(self.damping), len(hessian), self.h
        c = np.exp(-self.damping * h)
        one, zero = np.eye(m), np.zeros((m, m))
        kick = np.block([[one, zero], [-h / 2 / self.mass * hessian, one]])
        drift = np.block([[one, h / 2 * one], [zero, one]])
        turn = basis.project(sparse.kron(self.rotation, sparse.eye_array(ny)))
        turn = np.block([[one, zero], [zero, turn]])
        decay = np.block([[one, zero], [zero, basis.project(_local(c))]])
        after = kick @ drift @ turn
        strength = np.sqrt(units.BOLTZMANN_EV_PER_K / self.mass * (1 - c**2))
        step = after @ decay @ turn @ drift @ kick
        return step, after[:, m:] @ basis.project(_local(strength))

    def inertia(self, hessian):
        """Q in the basis."""
        return np.eye(hessian.shape[-1]) - self.h**2 / 4 / self.mass * hessian

    def matrices(self, hessian, basis):
        """A and how noise enters p, as in EquationOfMotion.matrices, of s = (w, p).

        What turn and bath do between the half kicks and drifts, v ← R v + n, is
        v′ − v = S (v′ + v) + (1 − S) n with S = (R − 1)(R + 1)⁻¹, layer by layer.
        """
        m = hessian.shape[-1]
        bath = np.hstack(_once(self._projected, basis, self._bath))
        bath = np.broadcast_to(bath, (*hessian.shape[:-1], 2 * m))
        force = np.concatenate([-hessian / self.mass, bath], axis=-1)
        right = np.linalg.solve(self.inertia(hessian), force)
        matrix = _of_momenta(hessian)
        matrix[..., m:, :] = right[..., : 2 * m]
        return matrix, right[..., 2 * m :]

    def _bath(self, basis):
        h, c = self.h, np.exp(-self.damping * self.h)
        between = c[:, None, None] * (self.rotation @ self.rotation)
        half = np.linalg.inv(between + np.eye(3))
        change, noise = (between - np.eye(3)) @ half, 2 * half
        strength = np.sqrt(units.BOLTZMANN_EV_PER_K / self.mass * -np.expm1(-2 * self.damping * h))
        noise = noise * (strength / np.sqrt(h))[:, None, None]
        return 2 / h * basis.project(_by_layer(change)), basis.project(_by_layer(noise))

    def growth(self, values):
        """Rate at which a mode grows (1/ps); negative for one that decays."""
        return np.log(np.abs((1 + self.h / 2 * values) / (1 - self.h / 2 * values))) / self.h


def _of_momenta(hessian):
    """A matrix of (w, p) in which dw/dt = p, its other half empty."""
    m = hessian.shape[-1]
    matrix = np.zeros((*hessian.shape[:-2], 2 * m, 2 * m), hessian.dtype)
    matrix[..., :m, m:] = np.eye(m)
    return matrix


def _once(made, basis, make):
    """What turn and bath are in a basis: the same in all blocks of a slab, so that it is kept.

    made : dict, basis → what make has returned for it
    """
    if basis not in made:
        made[basis] = make(basis)
    return made[basis]


def _local(values):
    """A matrix that multiplies every component in a layer by the layer's own number."""
    return sparse.diags_array(np.tile(values, 3), format="csr")


def _by_layer(matrices):
    """A matrix over (component, layer) from one over components in every layer, (ny, 3, 3)."""
    blocks = [[sparse.diags_array(matrices[:, a, b]) for b in range(3)] for a in range(3)]
    return sparse.block_array(blocks, format="csr")
