"""Points of a scan against the theory stage and against laws in field and temperature."""

import copy

import numpy as np
import pytest

from ferronhall.base.digest import STAGE_KEYS, select
from ferronhall.campaign.scan.point import TRANSVERSE, point_dataset
from ferronhall.model.model import Model
from ferronhall.theory.datasets import theory_dataset


def silent(_):
    """A log that keeps nothing."""


def edges(config, omega_B=None, hot=None):
    """Edge accumulations (map, approximation) at another field or temperature."""
    content = copy.deepcopy(config)
    if omega_B is not None:
        content["field"]["omega_B_rad_per_ps"] = omega_B
    if hot is not None:
        content["temperature"]["T_hot_K"] = hot
    return point_dataset("base", content, log=silent)["edge"]


def test_a_point_is_the_theory_of_its_configuration(config):
    config["damping"]["gamma_bulk_per_ps"] = 3.0
    point = point_dataset("damping.gamma_bulk_per_ps/3", config, log=silent)
    model = Model.from_config(config)
    config["theory"]["closure"] = "averaged"
    theory = theory_dataset(model, config, log=silent)
    for name in TRANSVERSE:
        for approximation, suffix in (("closure", ""), ("harmonic", "_harmonic")):
            found = point.sel(map=name, approximation=approximation)
            assert float(found["edge"]) == float(theory[f"edge_{name}{suffix}"])
            values = (
                theory[f"angular_momentum{suffix}"].sel(field=0)
                if name == "angular_momentum_zero"
                else theory[f"{name}{suffix}"]
            )
            oriented = values * np.sign(theory["x"]) * np.sign(theory["y"])
            assert abs(float(found["extreme"])) == float(np.abs(oriented).max())
            corner = (np.abs(theory["x"]) == float(found["extreme_x"])) & (
                theory["y"].max() - np.abs(theory["y"]) == float(found["extreme_depth"])
            )
            there = oriented.where(corner).values.ravel()
            there = there[np.isfinite(there)]
            np.testing.assert_allclose(there, float(found["extreme"]), rtol=1e-6)


def test_a_point_needs_no_more_of_the_configuration_than_its_stage_sees(config):
    """The theory has no time step, no replicas, no balances."""
    seen = select(config, STAGE_KEYS["theory"]) | {"material": config["material"]}
    assert "time" not in seen and "ensemble" not in seen
    whole, part = (point_dataset("base", c, log=silent) for c in (config, seen))
    assert part.equals(whole)


def test_field_odd_responses_are_odd_in_the_field(config):
    """Δ_B X turns round with Ω_B, L_z at zero field does not know of it."""
    plus, minus = edges(config, 80.0), edges(config, -80.0)
    for name in ("delta_kinetic_energy", "delta_polarization"):
        np.testing.assert_allclose(minus.sel(map=name), -plus.sel(map=name), rtol=1e-7)
    name = "angular_momentum_zero"
    np.testing.assert_array_equal(minus.sel(map=name), plus.sel(map=name))


@pytest.mark.parametrize("name", ["delta_kinetic_energy", "delta_polarization"])
def test_responses_are_linear_in_a_small_field(config, name):
    """Odd in Ω_B, so X/Ω_B departs from its limit as Ω_B²: a quarter as much at half the field."""
    field = np.array([0.05, 0.1, 0.2])
    slope = np.array([edges(config, b).sel(map=name) / b for b in field])
    np.testing.assert_allclose(slope[1], slope[0], rtol=1e-2)
    np.testing.assert_allclose((slope[2] - slope[0]) / (slope[1] - slope[0]), 15 / 3, rtol=2e-2)


def test_harmonic_responses_are_linear_in_the_temperature_difference(config):
    """The cold bath alone is equilibrium, which has no response, whatever its temperature."""
    config["temperature"]["T_cold_K"] = 10.0
    one, three = edges(config, hot=30.0), edges(config, hot=70.0)
    harmonic = {"approximation": "harmonic"}
    np.testing.assert_allclose(three.sel(harmonic), 3 * one.sel(harmonic), rtol=1e-6)
    closure = {"approximation": "closure"}
    assert not np.allclose(three.sel(closure), 3 * one.sel(closure), rtol=1e-3)
