"""Maps of domains: what is read, what is refused in one message, and what results depend on."""

import copy

import numpy as np
import pytest
import xarray as xr

from ferronhall.base import digest
from ferronhall.base.errors import ConfigError
from ferronhall.campaign.config import validate
from ferronhall.campaign.job_resources import replica_memory
from ferronhall.model.domain_map import DomainMap
from ferronhall.model.geometry import Slab
from ferronhall.model.model import Model
from ferronhall.model.parameters import parameters_dataset
from ferronhall.results.page.headline import asked
from tests.conftest import ROOT

SHAPE = (7, 5, 4)
SCRIPT = ROOT / "workflow" / "scripts" / "trajectory.py"


@pytest.fixture
def mapped(config):
    """A configuration that a map fits into; takes the map, and changes by section."""

    def make(domain_map, **changed):
        made = copy.deepcopy(config)
        made["lattice"] |= dict(zip(("nx", "ny", "nz"), SHAPE, strict=True))
        made["ensemble"]["harmonic_twin"] = made["balances"]["enabled"] = False
        made["domains"]["map"] = domain_map
        for section, content in changed.items():
            made[section] = made[section] | content if isinstance(content, dict) else content
        return made

    return make


@pytest.fixture
def halves():
    """Signs whose second half of y is reversed."""
    signs = np.ones(SHAPE, int)
    signs[:, 3:] = -1
    return signs


def written(path, values, dims="xyz", name="domain"):
    xr.Dataset({name: (tuple(dims), values)}).to_netcdf(path)
    return str(path)


def stripes(axis, width):
    return {"stripes": {"axis": axis, "width_cells": width}}


def test_stripes_begin_along_x_and_fill_the_lattice():
    slab = Slab.padded(8, 3, 6, 2.0)
    for axis, width, line in (("x", 2, [1, 1, -1, -1] * 2), ("z", 3, [1, 1, 1, -1, -1, -1])):
        found = DomainMap.from_config({"domains": {"map": stripes(axis, width)}}, slab)
        lines = np.moveaxis(found.signs, "xyz".index(axis), -1).reshape(-1, len(line))
        assert found.signs.shape == slab.shape and np.all(lines == line)
        # four walls normal to x, of 3 × 6 pairs of cells each; none of those normal to z
        assert found.charged == (4 * 18 if axis == "x" else 0)
    assert DomainMap.from_config({}, slab) is None


@pytest.mark.parametrize("dims", ["xyz", "zyx", "y", "yz"])
def test_a_file_has_the_sign_of_every_cell(mapped, halves, tmp_path, dims):
    values = xr.DataArray(halves, dims=tuple("xyz"))
    values = values.isel({axis: 0 for axis in "xyz" if axis not in dims}).transpose(*dims)
    config = validate(mapped(written(tmp_path / "map.nc", values.values, dims)))
    parameters = parameters_dataset(config)
    for model in (Model.from_config(config), Model.from_dataset(parameters)):
        np.testing.assert_array_equal(model.signs, halves)
    assert "map.nc" in asked(parameters, "BaTiO3") and "no layers" in parameters.stability_warning


@pytest.mark.parametrize(
    ("width", "words"),
    [
        (3, r"stripes of 3 cells do not fill lattice\.nz = 4.*a width of 1, 2, or lattice\.nz: 6"),
        (0, "below the smallest allowed value 1"),
        (1.5, "not a whole number"),
    ],
)
def test_stripes_that_do_not_fit_are_refused(mapped, width, words):
    with pytest.raises(ConfigError, match=rf"domains\.map.*{words}") as refused:
        validate(mapped(stripes("z", width)))
    assert "mistakes" not in str(refused.value)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("axis", r"domains\.map\.stripes\.axis: 'y' is not known.* x, z"),
        ("key", r"domains\.map\.stripe: unknown key"),
        ("missing", r"domains\.map\.stripes\.width_cells: missing"),
        ("list", r"domains\.map: \[1\] is not a group of keys"),
        ("file", r"domains\.map: '.*none\.nc' cannot be read.*variable domain"),
        ("damaged", r"domains\.map: .*map\.nc.*variable domain"),
        ("name", r"domains\.map: .*domain.*variable domain"),
        ("dims", r"is over \(x, time, z\), which are not x, y or z"),
        ("size", r"has 6 cells along y, and lattice\.ny is 5"),
        ("zero", r"holds 0 \(1 such\).*\(\+1\) or"),
        ("nan", r"holds nan \(1 such\)"),
        ("one", r"is \+1 everywhere, so that there is no wall"),
    ],
)
def test_a_map_that_is_none_is_refused(mapped, halves, tmp_path, wrong, words):
    path, values = tmp_path / "map.nc", halves.astype(float)
    if wrong in ("zero", "nan"):
        values[1, 2, 3] = 0 if wrong == "zero" else np.nan
    if wrong == "damaged":
        path.write_text("no NetCDF")
    elif wrong == "file":
        path = tmp_path / "none.nc"
    else:
        values = np.repeat(values, 2, axis=1)[:, :6] if wrong == "size" else values
        values = np.ones(SHAPE) if wrong == "one" else values
        dims = ("x", "time", "z") if wrong == "dims" else "xyz"
        written(path, values, dims, "sign" if wrong == "name" else "domain")
    given = {
        "axis": stripes("y", 2),
        "key": {"stripe": {}} | stripes("z", 2),
        "missing": {"stripes": {"axis": "z"}},
        "list": [1],
    }
    with pytest.raises(ConfigError, match=words) as refused:
        validate(mapped(given.get(wrong, str(path))))
    assert "mistakes" not in str(refused.value)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"domains": {"walls_y": [2]}}, r"domains\.map: beside domains\.walls_y = \[2\]"),
        ({"ensemble": {"harmonic_twin": True}}, r"ensemble\.harmonic_twin: true: .*write false"),
        ({"balances": {"enabled": True}}, r"balances\.enabled: true: .*write false"),
        ({"engine": "gpu"}, "engine: gpu follows no walls"),
        ({"onsite": {"form": "cubic"}}, r"onsite\.form: cubic"),
        ({"scan": [{"key": "field.omega_B_rad_per_ps", "values": [1.0]}]}, "scan: it solves"),
        (
            {"temperature": {"profile": "self_consistent", "hot_fraction": 0.1}}
            | {"lattice": {"nx": 31}},
            "self_consistent: these baths",
        ),
        ({"domains": {"map": "", "relaxed": "without_field"}}, "without_field is of walls"),
        ({"domains": {"relaxed": "slowly"}}, r"domains\.relaxed: 'slowly' is not known"),
    ],
)
def test_what_a_map_does_not_go_with_is_refused(mapped, changed, words):
    with pytest.raises(ConfigError, match=words) as refused:
        validate(mapped(stripes("z", 2), **changed))
    assert "mistakes" not in str(refused.value)


def test_unlike_cells_are_refused(mapped):
    config = mapped(stripes("z", 2))
    config["disorder"]["isotopes"] = ["Ti"]
    with pytest.raises(ConfigError, match="disorder: cells that differ"):
        validate(config)


def test_old_results_keep_their_digest(config, mapped, halves, tmp_path):
    """Without the keys, or with what they were before there were any, a block is what it was."""
    before = copy.deepcopy(config)
    before["domains"] = {"walls_y": []}
    blocks = [digest.stage_block("trajectories", c, SCRIPT) for c in (config, before)]
    assert blocks[0] == blocks[1] and "domains" not in blocks[0]["config"]
    walls = copy.deepcopy(config)
    walls["domains"]["walls_y"] = [2]
    block = digest.stage_block("trajectories", walls, SCRIPT)
    assert block["config"]["domains"] == {"walls_y": [2]}
    torn = copy.deepcopy(walls)
    torn["domains"]["relaxed"] = "without_field"
    assert digest.stage_block("trajectories", torn, SCRIPT) != block
    # a file counts by its content
    named = [written(tmp_path / f"{n}.nc", halves) for n in (1, 2)]
    other = written(tmp_path / "3.nc", -halves)
    found = [digest.stage_block("trajectories", mapped(path), SCRIPT) for path in (*named, other)]
    assert found[0] == found[1] != found[2]


def test_cells_that_are_followed_take_memory(mapped):
    long = {"t_max_ps": 2000.0, "samples_per_block": 1, "sample_every_steps": 1}
    one, followed = (replica_memory(mapped(m, time=long)) for m in ("", stripes("z", 2)))
    assert followed > 1.5 * one
