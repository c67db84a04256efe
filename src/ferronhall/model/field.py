"""The magnetic field: a gyroscopic force, by its rate Ω_B and direction (Eq. 9)."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation


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
        return cls(section["omega_B_rad_per_ps"], tuple(section["direction"]))

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
        axis = np.asarray(self.direction, float)
        angle = self.omega_B * time
        return Rotation.from_rotvec(angle * axis / np.linalg.norm(axis)).as_matrix()
