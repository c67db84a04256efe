"""Variance factors of the estimators, on made-up trajectories whose variances are known."""

import numpy as np
import pytest
import xarray as xr

from ferronhall import storage
from ferronhall.efficiency import efficiency_dataset
from ferronhall.observables import OBSERVABLES
from ferronhall.parameters import parameters_dataset
from ferronhall.tables import result_table

FIELDS = ("minus", "zero", "plus")


@pytest.fixture
def parameters(config):
    return parameters_dataset(config)


def write_trajectories(folder, parameters, rng, shared, replicas=40, blocks=6):
    """White maps of unit variance, a part `shared` of which is the same at every field."""
    files = {f: [] for f in FIELDS}
    shape = (blocks, parameters.sizes["x"], parameters.sizes["y"])
    for replica in range(replicas):
        common = {name: rng.normal(size=shape) for name in OBSERVABLES}
        for field in FIELDS:
            data = {}
            for name in OBSERVABLES:
                own = rng.normal(size=shape)
                values = np.sqrt(shared) * common[name] + np.sqrt(1 - shared) * own
                data[name] = (("block", "x", "y"), values)
            files[field].append(folder / f"{field}{replica}.nc")
            storage.write(xr.Dataset(data), files[field][-1])
    return files


def test_factors_of_common_noise_and_of_folding(parameters, tmp_path, rng):
    """Common noise lowers the variance by 1/(1 − shared), folding by the four corners."""
    files = write_trajectories(tmp_path, parameters, rng, shared=0.8)
    found = efficiency_dataset(parameters, None, files, 1.0)
    for target in ("delta_polarization", "delta_kinetic_energy"):
        at = found.sel(target=target)
        for name, expected in (
            ("folded, independent noise", 4),
            ("one corner, common noise", 5),
            ("folded, common noise", 20),
        ):
            cell = at.sel(estimator=name)
            z = (float(cell["factor"]) - expected) / float(cell["factor_stderr"])
            assert abs(z) < 4
    zero = found.sel(target="angular_momentum_zero", estimator="folded, common noise")
    assert abs(float(zero["factor"]) - 4) < 4 * float(zero["factor_stderr"])


def test_the_table_lists_what_there_is(parameters, tmp_path, rng):
    files = write_trajectories(tmp_path, parameters, rng, shared=0.5, replicas=4)
    found = efficiency_dataset(parameters, None, files, 1.0)
    found.attrs["config"] = parameters.attrs["config"]
    table = result_table("efficiency", parameters=parameters, efficiency=found)
    assert len(table.rows) == 10
    assert not any("twin" in row[2] for row in table.rows)
