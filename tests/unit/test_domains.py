"""Domain walls of a configuration: what is refused, what is kept, and walls that move in a run."""

import copy
import json

import numpy as np
import pytest
import xarray as xr

from ferronhall.analysis.standing_walls import with_walls_in_place
from ferronhall.base import digest, storage
from ferronhall.base.errors import ConfigError, DataFileError, UnstableKernelError
from ferronhall.campaign.config import validate
from ferronhall.campaign.job_resources import steady_state_memory
from ferronhall.campaign.scan.point import point_dataset
from ferronhall.campaign.scan.variation import points
from ferronhall.engine.trajectory import run_replica
from ferronhall.model import stability
from ferronhall.model.domains import domain_ends, domain_signs
from ferronhall.model.members import FIELD_SIGNS
from ferronhall.model.mirrors import Mirrors
from ferronhall.model.model import Model
from ferronhall.model.parameters import parameters_dataset
from ferronhall.model.reference import closure_reference, relaxed_reference
from ferronhall.public.files.feram import write_feram
from tests.conftest import ROOT


def walled(config, *walls, **lattice):
    config = copy.deepcopy(config)
    config["lattice"] |= lattice
    config["domains"]["walls_y"] = list(walls)
    return config


@pytest.mark.parametrize(
    ("walls", "words"),
    [
        ([5], "a wall at 5 is outside"),
        ([0], "below the smallest allowed value"),
        ([2, 2], "walls overlap at 2"),
        ([1.5], "a whole number"),
        (2, "a list"),
    ],
)
def test_walls_that_cannot_be_are_refused(config, walls, words):
    config["domains"]["walls_y"] = walls
    with pytest.raises(ConfigError, match=rf"domains\.walls_y.*{words}"):
        validate(config)


def test_the_order_of_walls_does_not_matter(config):
    assert validate(walled(config, 3, 1))["domains"]["walls_y"] == [1, 3]


def test_a_wall_that_does_not_stay_is_refused(config):
    """In a field close to the spinodal the layer beside the wall turns round."""
    config = walled(config, 2)
    config["electric_field"]["x_kV_per_cm"] = -3900.0
    with pytest.raises(UnstableKernelError, match=r"domains\.walls_y: \[2\]: .*electric_field"):
        parameters_dataset(config)
    # at a point of a scan that is what there is to say of it
    point = point_dataset("electric_field.x_kV_per_cm/-3900", config, log=lambda _: None)
    assert all("domains.walls_y: [2]" in str(reason) for reason in point["failure"].values)
    config["scan"] = [{"key": "domains.walls_y", "values": [2]}]
    with pytest.raises(ConfigError, match=r"domains\.walls_y is not for it: .*list of layers"):
        points(config)


def test_an_unstable_slab_with_walls_says_so(config):
    model = Model.from_config(walled(config, 2))
    soft = model.rest_stiffness
    soft[0, 1] = -100.0
    with pytest.raises(UnstableKernelError, match=r"domains\.walls_y = \[2\] is unstable"):
        stability.preflight(model.operator, model.material, 0.0025, 80.0, soft, model.walls)


def test_a_wall_off_the_middle_takes_more_memory(config):
    """Without a mirror of y there are twice the modes, of numbers that are complex."""
    middle, off = (steady_state_memory(walled(config, wall, nx=100, ny=80)) for wall in (40, 41))
    one = steady_state_memory(walled(config, nx=100, ny=80))
    assert one == middle and 3 < (off - 1000) / (middle - 1000) < 4


def test_domains_and_their_ends():
    assert domain_signs((), 3).tolist() == [1, 1, 1]
    assert domain_signs((1, 4), 6).tolist() == [1, -1, -1, -1, 1, 1]
    ends = domain_ends((1, 4), 6)
    layers = [[np.flatnonzero(end).tolist() for end in domain] for domain in ends]
    assert layers == [[[0], [0]], [[1, 2], [2, 3]], [[4, 5], [4, 5]]]


def test_the_accumulation_at_an_end_is_a_mean_over_its_cells(config):
    cells = Model.from_config(walled(config, 3)).cells
    maps = np.add.outer(10.0 * cells.x, np.arange(5.0) ** 2)
    flank = np.flatnonzero(cells.flank)
    for domain, end, layers in ((0, 0, [0, 1]), (0, 1, [1, 2]), (1, 0, [3, 4]), (1, 1, [3, 4])):
        right = np.mean([np.sign(cells.x[i]) * maps[i, j] for i in flank for j in layers])
        assert cells.end_accumulation(maps)[domain, end] == pytest.approx(right)


def test_parameters_bring_the_walls_back(config):
    parameters = parameters_dataset(walled(config, 2))
    model, again = Model.from_config(walled(config, 2)), Model.from_dataset(parameters)
    assert again.walls == (2,) and again.cells.walls == (2,)
    np.testing.assert_array_equal(again.rest, model.rest)
    np.testing.assert_array_equal(again.twin_stiffness, closure_reference(model).stiffness[0])
    assert again.omega_max == pytest.approx(model.omega_max)
    assert Mirrors.of_dataset(parameters) == model.mirrors
    even = parameters_dataset(walled(config, 2, ny=4))
    assert Mirrors.of_dataset(even).polar == -1


def test_a_campaign_without_walls_keeps_its_digest(config):
    script = ROOT / "workflow" / "scripts" / "theory.py"
    without = copy.deepcopy(config)
    # nor had such a one any other boundary than short circuit, unlike cells, or another well
    del without["domains"], without["electrodes"], without["dipole"]["boundary"]
    del without["disorder"]
    without["onsite"] = {"transverse_eV_per_A2": "material"}
    block = digest.stage_block("theory", config, script)
    assert "domains" not in block["config"]
    part = {k: v for k, v in block["config"].items() if k != "theory"}
    assert part == digest.select(without, [k for k in digest.MODEL if k in without])
    walls = digest.stage_block("theory", walled(config, 2), script)
    assert walls["config"]["domains"] == {"walls_y": [2]}
    # a stage's part without the key is a slab of one domain
    assert Model.from_config(block["config"] | {"material": config["material"]}).walls == ()


def test_other_codes_get_no_file_without_the_walls(config, tmp_path):
    with pytest.raises(ConfigError, match=r"domains\.walls_y"):
        write_feram(Model.from_config(walled(config, 2)), tmp_path / "batio3.feram")


def test_cold_trajectories_rest_with_their_walls(config):
    config = walled(config, 2)
    config["temperature"] |= {"T_hot_K": 0.0, "T_cold_K": 0.0}
    model = Model.from_config(config)
    found = run_replica(model, config, 0, "digest", lambda _: None)["plus"]
    rest = relaxed_reference(model).mean * model.material.polarization_derivative[0, 0]
    right = np.broadcast_to(rest, found["polarization"].shape)
    np.testing.assert_allclose(found["polarization"].values, right, rtol=1e-9)


def test_a_wall_that_a_field_drives_out_is_noticed(config):
    """At 3000 kV/cm its barrier is a fortieth of the one at rest: the +P domain takes the slab."""
    config = walled(config, 2)
    config["electric_field"]["x_kV_per_cm"] = 3000.0
    config["temperature"]["T_hot_K"] = 300.0
    config["time"] |= {"t_max_ps": 6.0, "t_equil_ps": 3.0}
    config["ensemble"]["harmonic_twin"] = False
    model, lines = Model.from_config(config), []
    found = run_replica(model, config, 0, "digest", lines.append)
    assert found["zero"]["polarization"].values[-1].mean(axis=0).min() > 0
    assert not model.stands(found["zero"]["polarization"].values)
    assert [line for line in lines if "field zero a domain wall moved" in line]


def written(folder, model, replica, moved=None):
    """Trajectories of a replica that rests, in one field perhaps with a wall elsewhere."""
    rest = model.rest * model.material.polarization_derivative[0, 0]
    files = {}
    for field in FIELD_SIGNS:
        values = np.tile(rest, (2, model.slab.nx, 1))
        if field == moved:
            # in one column of one block
            values[1, 3, 2] *= -1
        content = {name: (("block", "x", "y"), values) for name in ("kinetic_energy",)}
        content |= {"polarization": content["kinetic_energy"]}
        content |= {"angular_momentum": content["kinetic_energy"]}
        attrs = {"field": field, "replica": replica, "root_seed": "7", "config": json.dumps({})}
        files[field] = folder / f"{field}-{replica}.nc"
        storage.write(xr.Dataset(content, attrs=attrs | {"config_digest": "d"}), files[field])
    return files


def test_replicas_whose_walls_moved_are_left_out(config, tmp_path):
    model = Model.from_config(walled(config, 2))
    replicas = [written(tmp_path, model, n, "minus" if n == 1 else None) for n in range(3)]
    files = {field: [replica[field] for replica in replicas] for field in FIELD_SIGNS}
    kept, moved = with_walls_in_place(model, files)
    assert moved == [1]
    assert kept == {field: [paths[0], paths[2]] for field, paths in files.items()}
    only = {field: [paths[1]] for field, paths in files.items()}
    with pytest.raises(DataFileError, match="walls moved in every replica"):
        with_walls_in_place(model, only)
    # one domain has no walls that could move
    assert with_walls_in_place(Model.from_config(config), {}) == ({}, [])
