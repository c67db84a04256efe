"""The linear dynamics of one (q_x, q_z): the equation of motion, or the integrator's substep.

The state of a block is (w, v), 2·3·ny numbers, components outside and layers inside. Both kinds
say how the state goes on, how the bath's unit normals enter it, and how a product of two modes
builds up to its stationary value.
"""

from dataclasses import dataclass

import numpy as np

from ferronhall.base import units


@dataclass(frozen=True)
class EquationOfMotion:
    """ds/dt = A s + B ξ(t), Eq. S3 about the reference state, to first order."""

    mass: float
    generator: np.ndarray
    damping: np.ndarray

    @classmethod
    def of(cls, model, field):
        """Dynamics of a model in a Field."""
        return cls(model.material.mass[0, 0], field.generator, model.damping)

    def matrices(self, hessian, basis):
        """A and B in a basis of layer functions.

        hessian : ndarray, shape (m, m), eV/Å², in the basis
        basis : layer_basis.LayerBasis of m functions
        returns : A, shape (2m, 2m), 1/ps; B, shape (2m, 3 ny), Å/ps^(3/2) K^(-1/2)
        """
        ny = len(self.damping)
        damping = np.tile(self.damping, 3)
        turn = basis.project(np.kron(self.generator, np.eye(ny)))
        decay = basis.project(np.diag(damping))
        m = len(hessian)
        matrix = np.block([[np.zeros((m, m)), np.eye(m)], [-hessian / self.mass, turn - decay]])
        strength = np.sqrt(2 * damping * units.BOLTZMANN_EV_PER_K / self.mass)
        return matrix, np.vstack([np.zeros((m, 3 * ny)), basis.functions.conj().T * strength])

    @staticmethod
    def growth(values):
        """Rate at which a mode grows (1/ps); negative for one that decays."""
        return values.real

    @staticmethod
    def build_up(values, others):
        """Stationary ⟨a b*⟩ of two modes per unit of their common noise: −1/(λ_a + λ_b*)."""
        return -1 / (values[:, None] + others.conj())


@dataclass(frozen=True)
class Substep:
    """s ← P s + N ξ, the integrator's substep B A G O G A B (see kernels.integrator)."""

    mass: float
    h: float
    rotation: np.ndarray
    damping: np.ndarray

    @classmethod
    def of(cls, model, field, h):
        """Substep h (ps) of a model in a Field."""
        return cls(model.material.mass[0, 0], h, field.rotation(h / 2), model.damping)

    def matrices(self, hessian, basis):
        """P and N in a basis of layer functions; shapes as in EquationOfMotion.matrices."""
        ny, m, h = len(self.damping), len(hessian), self.h
        c = np.tile(np.exp(-self.damping * h), 3)
        one, zero = np.eye(m), np.zeros((m, m))
        kick = np.block([[one, zero], [-h / 2 / self.mass * hessian, one]])
        drift = np.block([[one, h / 2 * one], [zero, one]])
        turn = basis.project(np.kron(self.rotation, np.eye(ny)))
        turn = np.block([[one, zero], [zero, turn]])
        decay = np.block([[one, zero], [zero, basis.project(np.diag(c))]])
        after = kick @ drift @ turn
        strength = np.sqrt(units.BOLTZMANN_EV_PER_K / self.mass * (1 - c**2))
        step = after @ decay @ turn @ drift @ kick
        return step, after[:, m:] @ (basis.functions.conj().T * strength)

    def growth(self, values):
        """Rate at which a mode grows (1/ps); negative for one that decays."""
        return np.log(np.abs(values)) / self.h

    @staticmethod
    def build_up(values, others):
        """Stationary ⟨a b*⟩ of two modes per unit of their common noise: 1/(1 − λ_a λ_b*)."""
        return 1 / (1 - values[:, None] * others.conj())
