"""The numbers one substep needs, from the model: the constants of B, A, G and O (Eq. S3)."""

import numpy as np
from scipy.spatial.transform import Rotation

from ferronhall import units
from ferronhall.kernels.integrator import Coefficients


def well_polynomial(onsite):
    """V∥′(u0 + w) as coefficients of w, w², … w⁵ (eV/Å², eV/Å³, …), exact for Eq. S5."""
    u0 = onsite.amplitude
    force = np.polynomial.Polynomial([0, onsite.quadratic, 0, onsite.quartic, 0, onsite.sextic])
    shifted = force(np.polynomial.Polynomial([u0, 1])).coef
    return np.pad(shifted, (0, 6 - len(shifted)))[1:]


def rotation_matrix(direction, angle):
    """exp(angle C(B̂)) of the gyroscopic generator (Eq. 9), by `angle` (rad) about `direction`."""
    axis = np.asarray(direction, float)
    return Rotation.from_rotvec(angle * axis / np.linalg.norm(axis)).as_matrix()


def coefficients(material, h, omega_B, direction, dtype):
    """Constants of a substep h (ps) in a field Ω_B (rad/ps), as scalars of the state's type."""
    onsite = (*well_polynomial(material.onsite), material.onsite.transverse)
    rotation = rotation_matrix(direction, omega_B * h / 2)
    mass = material.mass[0, 0]
    scalar = np.dtype(dtype).type
    return Coefficients(
        onsite=tuple(scalar(c) for c in onsite),
        rotation=tuple(scalar(r) for r in rotation.ravel()),
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
