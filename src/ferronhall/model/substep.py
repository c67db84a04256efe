"""What one substep does to a velocity: rotation about the field, decay and noise (Eq. S3)."""

import numpy as np
from scipy.spatial.transform import Rotation

from ferronhall.base import units


def rotation_matrix(direction, angle):
    """exp(angle C(B̂)) of the gyroscopic generator (Eq. 9), by `angle` (rad) about `direction`."""
    axis = np.asarray(direction, float)
    return Rotation.from_rotvec(angle * axis / np.linalg.norm(axis)).as_matrix()


def bath_coefficients(material, h, temperature, damping):
    """Decay c = exp(−γh) and noise amplitude s = √(k_B T (1 − c²)/M) of every column and layer.

    temperature : ndarray, shape (nx,), K
    damping : ndarray, shape (ny,), 1/ps
    returns : two ndarrays, shape (nx, ny); s in Å/ps
    """
    decay = np.tile(np.exp(-damping * h), (len(temperature), 1))
    speed = thermal_speed(material, temperature)
    return decay, speed[:, None] * np.sqrt(-np.expm1(-2 * damping * h))


def thermal_speed(material, temperature):
    """√(k_B T/M) (Å/ps), the spread of each velocity component at temperature T (K)."""
    return np.sqrt(units.BOLTZMANN_EV_PER_K * temperature / material.mass[0, 0])
