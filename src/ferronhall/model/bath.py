"""The bath of one substep: decay and noise of every column and layer (Eq. S3)."""

import numpy as np

from ferronhall.base import units


def bath_coefficients(model):
    """Decay c = exp(−γh) and noise amplitude s = √(k_B T (1 − c²)/M) of every column and layer.

    returns : two ndarrays, shape (nx, ny); s in Å/ps
    """
    decay = np.tile(np.exp(-model.damping * model.h), (len(model.temperature), 1))
    return decay, thermal_speed(model) * np.sqrt(-np.expm1(-2 * model.damping * model.h))


def thermal_speed(model):
    """√(k_B T/M) (Å/ps), the spread of each velocity component in a cell, shape (nx, ny)."""
    mass = model.material.mass[0, 0]
    return np.sqrt(units.BOLTZMANN_EV_PER_K * model.temperature_map / mass)
