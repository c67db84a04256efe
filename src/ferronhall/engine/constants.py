"""The constants of B, A and G that the compiled substep takes, for every member."""

import numpy as np

from ferronhall.engine.kernels.integrator import Coefficients
from ferronhall.model.field import Field


def coefficients(model, members, dtype):
    """Constants of the model's substep for every Member, in the state's type."""
    h, mass, direction = model.h, model.material.mass[0, 0], model.field.direction
    rotations = [Field(m.omega_B, direction).rotation(h / 2).ravel() for m in members]
    scalar = np.dtype(dtype).type
    return Coefficients(
        onsite=np.array([m.onsite for m in members], dtype),
        rotation=np.array(rotations, dtype),
        kick=scalar(h / mass),
        half_kick=scalar(h / mass / 2),
        drift=scalar(h / 2),
    )
