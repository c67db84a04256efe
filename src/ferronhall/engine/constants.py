"""The constants of B, A and G that the compiled substep takes, for every member."""

import numpy as np

from ferronhall.engine.kernels.integrator import Coefficients
from ferronhall.model.substep import rotation_matrix


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
