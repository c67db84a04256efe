"""Walls that a field tears off: where they go, how fast, and what a run does with them."""

import copy
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from ferronhall.analysis.wall_velocity import velocity, wall_velocity_dataset, walls_of_model
from ferronhall.base import storage
from ferronhall.campaign.config import validate
from ferronhall.engine.trajectory import run_replica
from ferronhall.model.domain_map import DomainMap
from ferronhall.model.members import FIELD_SIGNS
from ferronhall.model.model import Model
from ferronhall.results.tables import result_table
from ferronhall.theory.wall_motion import depinning_field
from tests.conftest import CONFIG


def silent(_):
    """A log that keeps nothing."""


def torn(field=0.0, walls=(6,), shape=(5, 12, 2), gamma=50.0, **time):
    """A cold, overdamped slab with walls, in a field (kV/cm) that is switched on."""
    config = copy.deepcopy(CONFIG)
    config["lattice"] |= dict(zip(("nx", "ny", "nz"), shape, strict=True))
    config["domains"] |= {"walls_y": list(walls), "relaxed": "without_field"}
    config["electric_field"]["x_kV_per_cm"] = field
    config["temperature"] |= {"T_hot_K": 0.0, "T_cold_K": 0.0}
    config["damping"] |= {"gamma_bulk_per_ps": gamma, "gamma_edge_per_ps": gamma}
    config["time"] |= {"t_equil_ps": 0.01, "t_max_ps": 6.0, "sample_every_steps": 1}
    config["time"] |= {"samples_per_block": 40} | time
    config["ensemble"]["harmonic_twin"] = config["balances"]["enabled"] = False
    return validate(config)


def run(config, folder):
    """Model and wall_velocity dataset of one replica."""
    model, files = Model.from_config(config), {}
    for field, dataset in run_replica(model, config, 0, "d", silent).items():
        files[field] = [folder / f"{field}.nc"]
        storage.write(dataset, files[field][0])
    return model, wall_velocity_dataset(model, config, files)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_wall_is_torn_off_where_it_can_no_longer_rest(tmp_path, sign):
    """A percent below the depinning field of the statics it stays, above the favoured domain grows.

    Overdamped, so that the field's being switched on does not carry it over the last barrier, as
    it does where a magnetic field turns the damped motion round.
    """
    resting = torn()
    resting["domains"]["relaxed"] = "in_field"
    depinning = depinning_field(Model.from_config(resting), 6, sign)
    moved = []
    for part in (0.99, 1.01):
        _, found = run(torn(part * depinning), tmp_path)
        still = found.isel(wall=0, replica=0).sel(field=0)
        moved.append(still["displacement"].values)
        assert bool(still["moved"]) == (part > 1)
    assert not moved[0].any()
    assert np.all(np.diff(sign * moved[1]) >= 0) and sign * moved[1][-1] >= 2
    # +P before the wall grows as it moves up, in a field along +x
    assert sign * depinning > 0


def test_twice_the_damping_halves_the_velocity(tmp_path):
    """An overdamped wall goes at the rate of its mobility, 1/γ."""
    speeds = []
    for gamma in (50.0, 100.0):
        config = torn(3400.0, (6,), (5, 30, 2), gamma, t_max_ps=8.0)
        speeds.append(float(run(config, tmp_path)[1]["velocity"].sel(field=0).item()))
    assert speeds[0] > 1.0
    assert speeds[0] / speeds[1] == pytest.approx(2.0, abs=0.25)


def written(model, config, folder, positions, replica=0):
    """Trajectories whose wall along y stands at given layers, by block."""
    files = {}
    for field in FIELD_SIGNS:
        shape = (len(positions), *model.slab.shape)
        signs = np.where(np.arange(shape[2])[:, None] < np.array(positions)[:, None, None], 1, -1)
        domain = np.broadcast_to(signs[:, None], shape).astype(np.int8)
        plain = (("block", "x", "y"), np.zeros(shape[:3]))
        names = ("kinetic_energy", "polarization", "angular_momentum")
        attrs = {"field": field, "replica": replica, "root_seed": "7", "config_digest": "d"}
        content = {"domain": (("block", "x", "y", "z"), domain), **dict.fromkeys(names, plain)}
        files[field] = folder / f"{field}-{replica}.nc"
        storage.write(xr.Dataset(content, attrs=attrs | {"config": "{}"}), files[field])
    return files


def test_a_velocity_that_is_known_by_hand(tmp_path):
    """A wall displaced by two layers a block of 0.2 ps, and in the other replica by one."""
    config = torn(t_equil_ps=0.2, t_max_ps=1.0, samples_per_block=40)
    model = Model.from_config(config)
    fast, slow = [7, 9, 11, 12], [6.0, 7.0, 8.0, 9.0]
    parts = [written(model, config, tmp_path, p, n) for n, p in enumerate((fast, slow))]
    files = {field: [part[field] for part in parts] for field in FIELD_SIGNS}
    found = wall_velocity_dataset(model, config, files)
    assert found["time"].values == pytest.approx([0.3, 0.5, 0.7, 0.9])
    np.testing.assert_allclose(found["displacement"].sel(field=1)[0, :, 0], [1, 3, 5, 6])
    # the first arrives at the face in its last block, the other goes on to the end
    right = np.array([6 / 0.9, 3 / 0.9])
    np.testing.assert_allclose(found["velocity"], right.mean())
    np.testing.assert_allclose(found["velocity_stderr"], right.std(ddof=1) / np.sqrt(2))
    assert not found["velocity_odd"].any() and np.all(found["moved"] == 1)
    in_metres = right.mean() * model.material.lattice_constant * 100
    np.testing.assert_allclose(found["speed"], in_metres)
    rows = result_table("wall_velocity", wall_velocity=found).rows
    assert [row[0] for row in rows] == ["y = 6"] * 4
    assert [row[1] for row in rows] == [-80.0, 0.0, 80.0, "Δ_B"]
    assert rows[0][2] == 4.5 and rows[0][6] == "+P" and rows[3][3] == 0.0


def test_a_wall_that_has_arrived_goes_no_further():
    times = np.array([0.5, 1.5, 2.5, 3.5])
    assert velocity(np.array([5.0, 7, 8, 8]), 4, 8, times) == pytest.approx(4 / 2.5)
    assert velocity(np.array([3.0, 2, 1, 1]), 4, 8, times) == pytest.approx(-3 / 3.5)
    assert velocity(np.array([0.4, 0, 0, 0]), 4, 8, times) == pytest.approx(-3.6 / 0.5)
    # between walls a cell apart there was no room to begin with
    assert velocity(np.array([0.0, 0, 0, 0]), 0, 1, times) == 0


def test_walls_and_their_rooms():
    model = Model.from_config(torn(walls=(4, 9)))
    lower, upper = walls_of_model(model)
    for wall, sign, layers in ((lower, 1, range(6)), (upper, -1, range(6, 12))):
        assert (wall.axis, wall.sign, wall.columns) == ("y", sign, 10)
        assert np.flatnonzero(wall.cells[0, :, 0]).tolist() == list(layers)
    assert [wall.position(model.signs) for wall in (lower, upper)] == [4, 3]
    # the wall between the last stripe and the first may move in either
    signs = np.broadcast_to(np.repeat([1, -1], 4), (5, 3, 8)).astype(np.int8)
    striped = replace(model, walls=(), domain_map=DomainMap(signs, "stripes", "z"))
    first, second = walls_of_model(replace(striped, slab=replace(model.slab, ny=3, nz=8)))
    assert np.flatnonzero(first.cells[0, 0]).tolist() == [0, 1, 6, 7]
    assert np.flatnonzero(second.cells[0, 0]).tolist() == [2, 3, 4, 5]
    assert (first.layer, first.sign, second.layer, second.sign) == (0, -1, 4, 1)
    grown = signs.copy()
    grown[:, :, 4] = 1
    assert second.position(grown) - second.position(signs) == 1 and first.position(grown) == 2
    # of any other map the cells that +P gains, per pair of neighbours with a wall between
    island = -np.ones((5, 3, 8), np.int8)
    island[:, 1, 2] = 1
    every = replace(striped, domain_map=DomainMap(island, "a map"))
    (wall,) = walls_of_model(replace(every, slab=replace(model.slab, ny=3, nz=8)))
    assert wall.axis == "" and wall.columns == 5 * 4
    assert wall.position(grown) == 5 * 3 * 5 / 20
