"""The figure and the table of two contacts."""

from types import SimpleNamespace

import numpy as np
import pytest

from ferronhall.campaign.config import validate
from ferronhall.model.contacts import Contacts
from ferronhall.model.model import Model
from ferronhall.model.parameters import parameters_dataset
from ferronhall.results.figures import draw
from ferronhall.results.tables import result_table
from ferronhall.results.tables.table import markdown
from ferronhall.theory.datasets import self_consistent_dataset
from ferronhall.theory.heat_flow.conduction import conduction


@pytest.fixture(scope="module")
def datasets():
    """parameters.nc and self_consistent.nc of a small slab."""
    from tests.conftest import CONFIG

    temperature = {"profile": "self_consistent", "hot_fraction": 0.25, "cold_fraction": 0.25}
    config = CONFIG | {
        "lattice": CONFIG["lattice"] | {"nx": 8, "nz": 1},
        "temperature": CONFIG["temperature"] | temperature | {"T_cold_K": 10.0},
    }
    config = validate(config)
    parameters = parameters_dataset(config)
    found = self_consistent_dataset(Model.from_dataset(parameters), config, log=lambda _: None)
    return {"parameters": parameters, "self_consistent": found}


def test_the_figure_shows_the_dataset(datasets):
    """Five maps and the mean over y, with the numbers of the dataset."""
    drawn = draw("heat_conduction", **datasets)
    found, data = datasets["self_consistent"], dict(drawn.data)
    assert len(data) == 6
    mean = data["c: mean over y"]["T, +Omega_B, quantum (K)"]
    np.testing.assert_array_equal(mean, found["temperature_quantum"].values[2].mean(axis=1))
    odd = data["b: Thermal Hall effect"]
    (header,) = (name for name in odd if name.startswith("Delta_B T"))
    scale = {"K": 1.0, "mK": 1e-3, "uK": 1e-6}[header.split("(")[1].rstrip(")")]
    np.testing.assert_allclose(
        np.reshape(odd[header], (8, 5)) * scale, found["delta_temperature"], rtol=1e-12
    )


@pytest.mark.parametrize("quantum", [True, False])
def test_the_table_holds_both_statistics(datasets, quantum):
    """Each number in its column; none under quantum statistics where there is no solution."""
    found = datasets["self_consistent"]
    if not quantum:
        found = found.drop_vars([name for name in found if name.endswith("_quantum")])
    table = result_table("heat_conduction", self_consistent=found)
    rows = {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}
    conductivity = rows["heat conductivity along x"]
    assert conductivity["no field"] == float(found["conductivity"][1])
    angle = rows["thermal Hall angle: field-odd dT/dy over dT/dx at +Omega_B"]
    assert angle["field-odd"] == float(found["hall_angle"]) and angle["no field"] is None
    if quantum:
        assert conductivity["+Omega_B, quantum"] == float(found["conductivity_quantum"][2])
    else:
        assert conductivity["+Omega_B, quantum"] is None
        assert "quantum |" not in markdown(table)


@pytest.mark.parametrize("nx", range(10, 30))
def test_a_line_is_read_off_arms_of_any_length(nx):
    """A given slope and jumps at both contacts come back, from two columns an arm on."""
    slab = SimpleNamespace(nx=nx, ny=2, nz=1, x=np.arange(nx) - (nx - 1) / 2)
    contacts = Contacts(40.0, 10.0, 2.5 / nx, 3.5 / nx)
    hot, cold = contacts.hot_columns(slab), contacts.cold_columns(slab)
    line = 38.0 - 0.7 * (np.abs(slab.x) - np.abs(slab.x[hot]).max() - 0.5)
    power = np.where(hot, 1.0, 0.0)[:, None] * np.ones(2)
    found = SimpleNamespace(temperature=line[:, None] * np.ones(2), power=power)
    model = SimpleNamespace(slab=slab, material=SimpleNamespace(lattice_constant=4.0))
    at = conduction(found, model, contacts)
    assert at.gradient == pytest.approx(0.7)
    assert at.jump_hot == pytest.approx(2.0)
    length = np.abs(slab.x[cold]).min() - np.abs(slab.x[hot]).max() - 1
    assert at.jump_cold == pytest.approx(28.0 - 0.7 * length)
    assert at.conductivity > 0
