"""The magnetic field: a gyroscopic force, by its rate Ω_B and direction (Eq. 9).

A circular mode of frequency ω0 that turns with or against Ω_B obeys −ω² = −ω0² ∓ Ω_B ω, so that
the two lie Ω_B apart, at ω0 ± Ω_B/2. A moment of μ to the angular momentum ħ of such a phonon
parts them by 2μB, hence Ω_B = 2μB/ħ, 0.176 rad/ps for 1 µ_B and 1 T. The upper one turns with Ω_B:
where that is positive along B the moment is opposite to the angular momentum, and in that sense μ
is counted here. Where the two are not parallel, μ_i = Σ_j m_ij l_j, Ω_j = (2/ħ) Σ_i m_ij B_i; any
force linear in the velocity that does no work is of this form.
"""

from dataclasses import dataclass

import numpy as np

from ferronhall.base import units


@dataclass(frozen=True)
class Field:
    """A field of rate Ω_B along a direction.

    omega_B : float, rad/ps
    direction : tuple of 3 floats
        Of any length but zero.
    """

    omega_B: float
    direction: tuple

    @classmethod
    def from_config(cls, config):
        """The configured field."""
        section = config["field"]
        direction = section["direction"]
        if "moment_muB" not in section:
            return cls(section["omega_B_rad_per_ps"], tuple(direction))
        moment = section["moment_muB"]
        tensor = np.array(moment if isinstance(moment, list) else moment * np.eye(3))
        along = np.asarray(direction, float) / (np.linalg.norm(direction) or 1.0)
        rates = splitting(tensor.T @ along, section["tesla"])
        size = float(np.linalg.norm(rates))
        return cls(size, tuple((rates / size).tolist()) if size else tuple(direction))

    def at(self, sign):
        """The same field reversed (−1), switched off (0) or as it is (+1)."""
        return Field(sign * self.omega_B, self.direction)

    @property
    def along_z(self):
        """Whether it has no component along x and y."""
        return not np.any(np.asarray(self.direction)[:2])

    @property
    def generator(self):
        """Ω_B C(B̂), with which the force turns a velocity (rad/ps), shape (3, 3)."""
        axis = np.asarray(self.direction, float) / np.linalg.norm(self.direction)
        bx, by, bz = self.omega_B * axis
        return np.array([[0, -bz, by], [bz, 0, -bx], [-by, bx, 0]])

    def rotation(self, time):
        """What the force alone does to a velocity in `time` (ps): exp(Ω_B C(B̂) time), (3, 3)."""
        # here, as most who read a model turn nothing
        from scipy.spatial.transform import Rotation

        axis = np.asarray(self.direction, float)
        angle = self.omega_B * time
        return Rotation.from_rotvec(angle * axis / np.linalg.norm(axis)).as_matrix()


def splitting(moment, tesla):
    """Ω_B (rad/ps) of a moment (µ_B to an angular momentum of ħ) in a field (T)."""
    return 2 * units.BOHR_MAGNETON * moment * tesla / units.HBAR
