"""The laboratory's dataset and tables: units by hand, the campaign's own profile, no state."""

import copy

import numpy as np
import pytest
from scipy.constants import epsilon_0

from ferronhall.model.model import Model
from ferronhall.model.parameters import parameters_dataset
from ferronhall.results.tables import experiment, laboratory
from ferronhall.theory.datasets import theory_dataset
from ferronhall.theory.linear_response.laboratory import laboratory_dataset
from tests.conftest import CONFIG

T0 = 100.0


@pytest.fixture(scope="module")
def made():
    """Parameters, theory and laboratory of a small campaign; 2000 K is more than it bears."""
    config = copy.deepcopy(CONFIG)
    config["laboratory"] = {
        "temperatures_K": [T0, 2000.0],
        "moment_muB": -2.0,
        "field_T": 3.0,
        "gradient_K_per_m": 1e6,
    }
    model = Model.from_config(config)
    quiet = {"log": lambda _: None}
    config["theory"]["closure"] = "averaged"
    theory = theory_dataset(model, config, **quiet)
    return parameters_dataset(config), theory, laboratory_dataset(model, config, **quiet)


def rows(table, **wanted):
    named = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return [row for row in named if all(row[key] == value for key, value in wanted.items())]


def test_the_mean_of_hot_and_cold_comes_with_the_temperatures(made):
    _, _, dataset = made
    assert dataset["temperature"].values.tolist() == [25.00005, T0, 2000.0]


def test_a_temperature_without_a_state_says_so(made):
    parameters, theory, dataset = made
    for table in (laboratory.table(parameters, dataset),):
        (row, *_) = rows(table, **{"T0 (K)": 2000.0})
        assert row["classical"] is None
        assert "gives way to its own fluctuations" in row["remark"]
        (row, *_) = rows(table, **{"T0 (K)": T0})
        assert row["classical"] is not None and row["remark"] is None
    (row, *_) = rows(experiment.table(parameters, theory, dataset), **{"T0 (K)": 2000.0})
    assert row["classical"] is None


def test_the_experiment_by_hand(made):
    parameters, theory, dataset = made
    at = dataset.sel(temperature=T0, statistics="quantum")
    a = float(parameters["lattice_constant"]) * 1e-10
    layers = np.array([0, 1, -2, -1]), np.array([-1, -1, 1, 1])

    def edge(name):
        return float((at[name].values[layers[0]] * layers[1]).mean())

    # 2 µ_B against the angular momentum in 3 T: 2 × 2 × 3 × 0.08794 rad/ps, and 1e6 K/m
    omega, gradient = -2 * 2 * 3 * 0.0879410005, 1e6
    energy, polarization = (omega * gradient * edge(n) for n in ("kinetic_energy", "polarization"))
    heat = float(at["heat"].values[layers[0]].mean())
    half = float(at["polarization"].values[3:].sum() - at["polarization"].values[:2].sum()) / 2
    expected = {
        "L_z": gradient * edge("angular_momentum"),
        "Δ_B KE": energy * 1e6,
        "Δ_B T": energy / heat * 1e6,
        "Δ_B P": polarization * 1e9,
        "bound charge": omega * gradient * half * a,
        "voltage": polarization / (epsilon_0 * float(at["permittivity"])) * 1e-6 * 1e6,
    }
    table = experiment.table(parameters, theory, dataset)
    found = {r["quantity"]: r["quantum"] for r in rows(table, **{"T0 (K)": T0})}
    assert found == pytest.approx(expected, rel=1e-8)


def test_the_campaigns_own_profile(made):
    parameters, theory, dataset = made
    table = experiment.table(parameters, theory, dataset)
    setting = next(r[0] for r in table.rows if r[0].startswith("campaign, 80 rad/ps"))
    assert setting.endswith(", linear")
    found = {
        kind: {r["quantity"]: r for r in rows(table, setting=setting.replace("linear", kind))}
        for kind in ("linear", "weak field", "in full")
    }
    full = float(theory["edge_delta_kinetic_energy"])
    assert found["in full"]["Δ_B KE"]["classical"] == pytest.approx(1e6 * full)
    full = float(theory["edge_delta_polarization_quantum"])
    assert found["in full"]["Δ_B P"]["quantum"] == pytest.approx(1e3 * full)
    whole = found["linear"]["Δ_B KE"]["classical"]
    ratio = found["in full"]["Δ_B KE"]["over linear, classical"]
    assert ratio * whole == pytest.approx(found["in full"]["Δ_B KE"]["classical"])
    # without field nothing is scaled
    harmonic = float(theory["edge_angular_momentum_zero_harmonic"])
    assert found["weak field"]["L_z"]["classical"] == pytest.approx(harmonic, rel=1e-6)
    at = dataset.isel(temperature=0).sel(statistics="classical")
    profile = parameters["temperature"].values
    slope = (np.roll(profile, -1) - np.roll(profile, 1)) / 2
    a = float(parameters["lattice_constant"]) * 1e-10
    local = np.outer(slope / a, at["kinetic_energy"].values) * 80
    np.testing.assert_allclose(at["linear_delta_kinetic_energy"], local, rtol=1e-10)
