"""The bath's T(x, y) from a file, and contacts: what is read, what is refused, what it reruns."""

import numpy as np
import pytest
import xarray as xr

from ferronhall.base import digest
from ferronhall.base.errors import ConfigError
from ferronhall.campaign.config import validate
from ferronhall.campaign.scan.variation import points
from ferronhall.model.contacts import Contacts
from ferronhall.model.geometry import Slab
from ferronhall.model.mirrors import Mirrors
from ferronhall.model.model import Model
from ferronhall.model.parameters import parameters_dataset, with_temperature

SLAB = Slab.padded(7, 5, 2, 2.0)


@pytest.fixture
def spot():
    """T(x, y) of a laser spot off the middle (K)."""
    return 5 + 40 * np.exp(-np.add.outer((SLAB.x - 1) ** 2, (SLAB.y + 1) ** 2) / 4)


def written(path, values, form):
    """A file with T(x, y) in one of the forms."""
    if form == "csv":
        np.savetxt(path, values, delimiter=",", header="a laser spot")
    else:
        dims = ("x", "y") if form == "nc" else ("y", "x")
        content = values if form == "nc" else values.T
        xr.Dataset({"temperature": (dims, content, {"units": "K"})}).to_netcdf(path)
    return str(path)


@pytest.mark.parametrize(("form", "name"), [("csv", "t.csv"), ("nc", "t.nc"), ("turned", "t.nc")])
def test_a_map_is_the_bath(tmp_path, config, spot, form, name):
    """Of every cell, in the model and in the parameters that it is read back from."""
    config["temperature"]["map"] = written(tmp_path / name, spot, form)
    config = validate(config)
    model = Model.from_config(config)
    np.testing.assert_allclose(model.temperature, spot, rtol=1e-12)
    parameters = parameters_dataset(config)
    back = Model.from_dataset(parameters)
    np.testing.assert_array_equal(back.temperature, model.temperature)
    assert parameters.attrs["T_hot_K"] == pytest.approx(spot.max())
    # nothing is left of the mirrors but the identity
    assert Mirrors.of_dataset(parameters) == back.mirrors
    assert back.mirrors.images == back.mirrors.zero_field == ((1, 1, 1),)


@pytest.mark.parametrize(
    ("values", "parts"),
    [
        (np.ones((5, 7)), ["5 x 7", "7 x 5", "the other way round"]),
        (np.ones((7, 4)), ["7 x 4", "lattice.nx x lattice.ny = 7 x 5"]),
        (np.where(np.eye(7, 5), -1.0, 1.0), ["-1 K in column 1, layer 1", "5 such", "0 to 2000 K"]),
        (np.where(np.eye(7, 5), np.nan, 1.0), ["nan K in column 1, layer 1"]),
        (np.full((7, 5), 2001.0), ["2001 K", "35 such"]),
    ],
)
@pytest.mark.parametrize("form", ["csv", "nc"])
def test_a_wrong_map_is_refused(tmp_path, config, values, parts, form):
    config["temperature"]["map"] = written(tmp_path / f"t.{form}", values, form)
    refused(config, ["temperature.map", *parts])


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1,2\n3\n", ["line 2 has 1 numbers, the first 2"]),
        ("1,2\n\nx,3\n", ["line 3", "could not convert", "CSV file has a line for each column x"]),
        ("", ["holds no numbers"]),
    ],
)
def test_a_file_without_a_map_is_refused(tmp_path, config, text, parts):
    (tmp_path / "t.csv").write_text(text)
    config["temperature"]["map"] = str(tmp_path / "t.csv")
    refused(config, ["temperature.map", *parts])


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ({"heat": ("x", [1.0])}, ["without temperature"]),
        ({"temperature": ("x", [1.0])}, ["over (x)"]),
        ({"temperature": (("x", "y"), np.ones((7, 5)), {"units": "degC"})}, ["in degC, not K"]),
    ],
)
def test_another_netcdf_file_is_refused(tmp_path, config, content, parts):
    xr.Dataset(content).to_netcdf(tmp_path / "t.nc")
    config["temperature"]["map"] = str(tmp_path / "t.nc")
    refused(config, ["temperature.map", *parts])


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        ({"map": "none.csv", "profile": "imposed"}, ["'none.csv' cannot be read (no such file)"]),
        ({"map": "some.csv"}, ["temperature.map: 'some.csv' gives every cell", "take one of them"]),
        ({"cold_fraction": 0.05}, ["temperature.cold_fraction", "no column", "raise it to 0.29"]),
        ({"cold_fraction": 0.6}, ["leave fewer than two columns", "either side of lattice.nx = 7"]),
        ({"T_cold_K": 50.0}, ["temperature.T_hot_K: both contacts have 50 K"]),
        ({"T_cold_K": 60.0}, ["60.0 K is above temperature.T_hot_K", "exchange them"]),
        ({"profile": "adiabatic"}, ["'adiabatic' is not known", "imposed, self_consistent"]),
    ],
)
def test_wrong_contacts_are_refused(config, changes, parts):
    config["temperature"] |= {"profile": "self_consistent", "hot_fraction": 0.2} | changes
    refused(config, parts)


def refused(config, parts):
    """That validation says all of this."""
    with pytest.raises(ConfigError) as caught:
        validate(config)
    for part in parts:
        assert part in str(caught.value)


def test_the_content_of_a_map_reruns_what_depends_on_it(tmp_path, config, spot):
    """Not its path."""
    script = tmp_path / "script.py"
    script.write_text("")

    def block(path, values):
        config["temperature"]["map"] = written(tmp_path / path, values, "csv")
        return digest.stage_block("trajectories", validate(config), script)

    first = block("a.csv", spot)
    assert block("b.csv", spot) == first
    assert block("a.csv", spot + 1) != first
    assert "a.csv" not in str(first)


def test_a_scan_takes_no_maps(config):
    config["scan"] = [{"key": "temperature.map", "values": ["a.csv"]}]
    with pytest.raises(ConfigError, match="give another map a campaign of its own"):
        points(config)


@pytest.mark.parametrize("nx", [12, 13])
def test_contacts_and_arms_are_mirror_images(nx):
    """Every column is one of a contact or of an arm, and both arms are alike."""
    slab, contacts = Slab.padded(nx, 5, 1, 2.0), Contacts(50.0, 10.0, 0.2, 0.3)
    hot, cold, free = (
        f(slab) for f in (contacts.hot_columns, contacts.cold_columns, contacts.between)
    )
    assert np.all(hot.astype(int) + cold + free == 1)
    for columns in (hot, cold, free):
        np.testing.assert_array_equal(columns, columns[::-1])
    profile = contacts.temperature(slab)
    assert set(profile[hot]) == {50.0} and set(profile[cold]) == {10.0}
    assert np.all((profile[free] > 10) & (profile[free] < 50))


def test_parameters_take_the_solved_map(config, spot):
    """In place of the lines between the contacts."""
    config["temperature"] |= {"profile": "self_consistent", "hot_fraction": 0.2}
    config["temperature"]["cold_fraction"] = 0.3
    parameters = parameters_dataset(validate(config))
    assert parameters["temperature"].dims == ("x",)
    solved = with_temperature(parameters, xr.DataArray(spot.T, dims=("y", "x")))
    np.testing.assert_array_equal(Model.from_dataset(solved).temperature, spot)
    assert solved["temperature"].attrs == parameters["temperature"].attrs
