"""What the GPU engine refuses, before it asks for a device or where there is none."""

import importlib.util

import numpy as np
import pytest

from ferronhall.base.errors import ConfigError
from ferronhall.engine.gpu.batch import run_batch
from ferronhall.engine.gpu.propagator import DevicePropagator
from ferronhall.model.members import Member
from ferronhall.model.model import Model


@pytest.mark.skipif(
    importlib.util.find_spec("numba_cuda") is not None, reason="the extra gpu is installed"
)
def test_without_the_extra_one_message(config):
    model = Model.from_config(config)
    with pytest.raises(ConfigError, match=r"engine: gpu needs the extra.*set engine: cpu"):
        run_batch(model, config, [0], "digest", lambda line: None)


def test_layers_with_wells_of_their_own(config):
    model = Model.from_config(config)
    member = Member("plus", 80.0, np.zeros((5, 6)))
    with pytest.raises(ConfigError, match="set engine: cpu"):
        DevicePropagator(model, [member], 1, [0], float, 0, 1)
