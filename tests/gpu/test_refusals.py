"""What the GPU engine refuses, before it asks for a device or where there is none."""

import importlib.util

import pytest

from ferronhall.base.errors import ConfigError
from ferronhall.engine.gpu.batch import run_batch
from ferronhall.model.model import Model


@pytest.mark.skipif(
    importlib.util.find_spec("numba_cuda") is not None, reason="the extra gpu is installed"
)
def test_without_the_extra_one_message(config):
    model = Model.from_config(config)
    with pytest.raises(ConfigError, match=r"engine: gpu needs the extra.*set engine: cpu"):
        run_batch(model, config, [0], "digest", lambda line: None)
