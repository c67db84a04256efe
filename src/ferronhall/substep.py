"""The numbers one substep needs, from the model: the constants of B, A, G and O (Eq. S3)."""

import numpy as np
from scipy.spatial.transform import Rotation

from ferronhall import units
from ferronhall.kernels.integrator import Coefficients


def rotation_matrix(direction, angle):
    """exp(angle C(B̂)) of the gyroscopic generator (Eq. 9), by `angle` (rad) about `direction`."""
    axis = np.asarray(direction, float)
    return Rotation.from_rotvec(angle * axis / np.linalg.norm(axis)).as_matrix()


def coefficients(material, h, members, direction, dtype):
    """Constants of a substep h (ps) for every Member, in the state's type."""
    rotations = [rotation_matrix(direction, m.omega_B * h / 2).ravel() for m in members]
    mass = material.mass[0, 0]
    scalar = np.dtype(dtype).type
    return Coefficients(
        onsite=np.array([m.onsite for m in members], dtype),
        rotation=np.array(rotations, dtype),
        kick=scalar(h / mass),
        half_kick=scalar(h / mass / 2),
        drift=scalar(h / 2),
    )


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
