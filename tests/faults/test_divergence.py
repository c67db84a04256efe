"""A trajectory that blows up is stopped and named, with its last good state."""

import numpy as np
import pytest

from ferronhall.base.errors import TrajectoryDivergedError
from ferronhall.engine.propagator import Propagator
from ferronhall.engine.trajectory import run_replica
from ferronhall.model.model import Model


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_a_blow_up_is_stopped_and_named(config, precision):
    config["temperature"]["T_hot_K"] = 1e6
    config["ensemble"]["precision"] = precision
    model = Model.from_config(config)
    with pytest.raises(TrajectoryDivergedError) as stopped:
        run_replica(model, config, 3, "digest", log=lambda line: None)
    message = str(stopped.value)
    for part in ("replica 0003", "last good state", "ps", "temperature.T_hot_K"):
        assert part in message


@pytest.mark.parametrize(("member", "field"), [(0, "minus"), (1, "zero"), (2, "plus")])
def test_a_nan_is_caught_and_its_field_named(config, monkeypatch, member, field):
    """A single NaN cell stops the run within one stretch."""
    model = Model.from_config(config)
    run = Propagator.run

    def poisoned(self, *args):
        samples = run(self, *args)
        self.w[member, 1, 3] = np.nan
        return samples

    monkeypatch.setattr(Propagator, "run", poisoned)
    with pytest.raises(TrajectoryDivergedError, match=f"trajectory {field} .* nan Å"):
        run_replica(model, config, 0, "digest", log=lambda line: None)
