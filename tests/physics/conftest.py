"""Models of the noise-free theory's tests."""

import numpy as np
import pytest

from ferronhall.model.field import Field
from ferronhall.model.geometry import Slab
from ferronhall.model.model import Model


@pytest.fixture
def make_model(make_operator, batio3):
    """Builds a model: shape, temperature profile (nx,), dipolar kernel and preset."""

    def make(shape, temperature, kernel=("gaussian", "pbesol-gaussian")):
        slab = Slab.padded(*shape, 2.0)
        depth = np.minimum(np.arange(shape[1]), np.arange(shape[1])[::-1])
        damping = 2.0 + 3.0 / (1 + depth)
        operator = make_operator(shape, *kernel)
        flank = np.zeros(shape[0], bool)
        field = Field(80.0, (0.0, 0.0, 1.0))
        temperature = np.asarray(temperature, float)
        return Model(batio3, slab, operator, temperature, damping, field, 0.0025, flank)

    return make
