"""Means, errors, folding and the edge accumulation, on data with known answers."""

import numpy as np
import pytest
import xarray as xr

from ferronhall.analysis import ensemble, equilibration
from ferronhall.base import storage
from ferronhall.base.errors import DataFileError
from ferronhall.model import map_algebra
from ferronhall.model.mirrors import Mirrors
from ferronhall.model.model import Model
from ferronhall.model.observables import OBSERVABLES
from ferronhall.results.tables import summary
from ferronhall.results.tables.table import markdown

FIELDS = ("minus", "zero", "plus")


@pytest.fixture
def model(config):
    return Model.from_config(config)


@pytest.fixture
def parameters(model):
    return model.cells.dataset()


@pytest.fixture
def write_trajectories(tmp_path):
    """Writes made-up trajectories from values (replica, field, block, 3, nx, ny)."""

    def write(values, digest="d"):
        paths = {f: [] for f in FIELDS}
        for replica, fields in enumerate(values):
            for field, blocks in zip(FIELDS, fields, strict=True):
                data = {
                    name: (("block", "x", "y"), blocks[:, i]) for i, name in enumerate(OBSERVABLES)
                }
                attrs = {"replica": replica, "config_digest": digest}
                path = tmp_path / field / f"{replica:04d}.nc"
                storage.write(xr.Dataset(data, attrs=attrs), path)
                paths[field].append(path)
        return paths

    return write


def test_means_and_errors_over_replicas(model, config, write_trajectories, rng):
    values = rng.normal(size=(5, 3, 4, 3, 7, 5))
    found = ensemble.ensemble_dataset(model, config, write_trajectories(values))
    per_replica = values.mean(axis=2)
    kinetic = per_replica[:, :, 0]
    np.testing.assert_allclose(found["kinetic_energy"], kinetic.mean(axis=0))
    error = kinetic.std(axis=0, ddof=1) / np.sqrt(5)
    np.testing.assert_allclose(found["kinetic_energy_stderr"], error)
    odd = (per_replica[:, 2, 1] - per_replica[:, 0, 1]) / 2 * 1e6
    np.testing.assert_allclose(found["delta_polarization"], odd.mean(axis=0))
    np.testing.assert_allclose(
        found["delta_polarization_stderr"], odd.std(axis=0, ddof=1) / np.sqrt(5)
    )
    assert found.attrs["samples"] == "replicas" and found.attrs["replicas"] == 5
    assert found["omega_B"].values.tolist() == [-80, 0, 80]
    assert all("units" in found[name].attrs for name in found.data_vars)


@pytest.mark.parametrize("replicas", [1, 2, 3])
def test_few_replicas_take_their_errors_from_blocks(
    model, config, write_trajectories, rng, replicas
):
    values = rng.normal(size=(replicas, 3, 6, 3, 7, 5))
    found = ensemble.ensemble_dataset(model, config, write_trajectories(values))
    blocks = values[:, :, :, 2].swapaxes(0, 1).reshape(3, 6 * replicas, 7, 5)
    error = blocks.std(axis=1, ddof=1) / np.sqrt(6 * replicas)
    np.testing.assert_allclose(found["angular_momentum_stderr"], error)
    np.testing.assert_allclose(found["angular_momentum"], blocks.mean(axis=1))
    assert found.attrs["samples"] == "blocks" and found.attrs["sample_count"] == 6 * replicas


@pytest.mark.parametrize("parity", [1, -1])
def test_folding_keeps_symmetric_maps_and_removes_the_rest(parity, rng):
    maps = rng.normal(size=(3, 7, 5))
    along_z = Mirrors.of([0, 0, 1])
    symmetric = map_algebra.fold(maps, parity, along_z)
    np.testing.assert_allclose(map_algebra.fold(symmetric, parity, along_z), symmetric, atol=1e-14)
    np.testing.assert_allclose(map_algebra.fold(maps - symmetric, parity, along_z), 0, atol=1e-14)
    np.testing.assert_allclose(symmetric[1], parity * symmetric[1][::-1], atol=1e-14)
    odd = map_algebra.field_odd(symmetric)
    np.testing.assert_allclose(odd, -parity * odd[::-1], atol=1e-14)
    np.testing.assert_allclose(odd, -parity * odd[:, ::-1], atol=1e-14)


def test_edge_accumulation_of_a_known_map(parameters):
    x, y = parameters["x"].values, parameters["y"].values
    masks = (x, y, parameters["flank"].values, parameters["edge"].values)
    odd = np.outer(np.sign(x), np.sign(y)) * 3.0
    assert map_algebra.edge_accumulation(odd, *masks) == pytest.approx(3.0)
    assert map_algebra.edge_accumulation(np.abs(odd), *masks) == pytest.approx(0.0)
    inside = odd.copy()
    inside[:, parameters["edge"].values] = 0
    assert map_algebra.edge_accumulation(inside, *masks) == 0


def test_cuts_are_means_over_the_flank_columns_of_each_side(
    model, parameters, config, write_trajectories, rng
):
    values = rng.normal(size=(4, 3, 2, 3, 7, 5))
    found = ensemble.ensemble_dataset(model, config, write_trajectories(values))
    x, flank = parameters["x"].values, parameters["flank"].values
    samples = values[:, 1, :, 2].mean(axis=1)[:, flank & (x > 0)].mean(axis=1)
    cut = found["cut_angular_momentum_zero"].sel(side="right")
    np.testing.assert_allclose(cut, samples.mean(axis=0))
    error = found["cut_angular_momentum_zero_stderr"].sel(side="right")
    np.testing.assert_allclose(error, samples.std(axis=0, ddof=1) / 2)


def test_summary_names_extreme_and_edge(model, parameters, config, write_trajectories, rng):
    values = 1e-3 * rng.normal(size=(4, 3, 2, 3, 7, 5))
    x, y = parameters["x"].values, parameters["y"].values
    pattern = np.outer(np.sign(x), np.sign(y))
    values[:, 2, :, 1] += 1e-3 * pattern
    values[:, 0, :, 1] -= 1e-3 * pattern
    found = ensemble.ensemble_dataset(model, config, write_trajectories(values))
    table = summary.table(found)
    row = next(r for r in table.rows if r[0] == "Δ_B P" and r[1].startswith("edge"))
    assert abs(row[3] - 1000) < 5 * row[4]
    assert row[5] == pytest.approx(row[3] / row[4])
    assert "4 replicas" in markdown(table)


def test_foreign_and_missing_trajectories_are_refused(model, config, write_trajectories, rng):
    values = rng.normal(size=(2, 3, 2, 3, 7, 5))
    paths = write_trajectories(values)
    with pytest.raises(DataFileError, match="same replicas"):
        ensemble.ensemble_dataset(model, config, paths | {"plus": paths["plus"][:1]})
    other = storage.read(paths["plus"][0]).assign_attrs(config_digest="other")
    storage.write(other, paths["plus"][0])
    with pytest.raises(DataFileError, match=r"different configurations.*run again"):
        ensemble.ensemble_dataset(model, config, paths)


def test_block_correlation_of_known_series(rng):
    white = rng.normal(size=(50, 40))
    assert abs(equilibration.block_correlation(white)) < 4 / np.sqrt(white.size)
    smooth = (white[:, 1:] + white[:, :-1]) / np.sqrt(2)
    assert equilibration.block_correlation(smooth) == pytest.approx(0.5, abs=4 / np.sqrt(2000))
    assert np.isnan(equilibration.block_correlation(np.ones((3, 4))))
    assert np.isnan(equilibration.block_correlation(white[:, :1]))


@pytest.mark.parametrize("replicas", [1, 30])
def test_drift_of_known_series(replicas, rng):
    white = rng.normal(size=(replicas, 600))
    assert abs(equilibration.drift(white)) < 4
    ramp = white + np.linspace(0, 3, 600)
    assert equilibration.drift(ramp) > 10
    assert np.isnan(equilibration.drift(white[:, :1]))
