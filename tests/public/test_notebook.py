"""A model solved and simulated in a notebook gives what the campaign of the same model gives."""

import numpy as np
import pytest
import xarray as xr

import ferronhall as fh
from ferronhall.base.errors import ConfigError


@pytest.fixture
def campaign(here):
    return fh.open("results/demo")


def test_the_steady_state_is_that_of_the_campaign(campaign, tmp_path):
    config = fh.configuration("config/config.yaml", **_same(campaign))
    found = fh.steady_state(fh.Model.from_config(config))
    for name in campaign.theory.data_vars:
        np.testing.assert_allclose(found[name], campaign.theory[name], rtol=1e-9, atol=1e-12)
    # it knows where its edges are, also after a way through a file
    found.to_netcdf(tmp_path / "found.nc")
    for each in (found, xr.open_dataset(tmp_path / "found.nc")):
        edges, same = (d.ferron.edge_accumulation() for d in (each, campaign.theory))
        for name in ("delta_polarization", "kinetic_energy", "polarization_quantum"):
            np.testing.assert_allclose(edges[name], same[name], rtol=1e-9, atol=1e-12)


def test_the_simulation_is_that_of_the_campaign(campaign):
    """The same noise and substeps, sampled at other times."""
    config = campaign.config
    model = fh.Model.from_config(fh.configuration("config/config.yaml", **_same(campaign)))
    found = fh.simulate(
        model,
        t_max_ps=config["time"]["t_max_ps"],
        t_equil_ps=config["time"]["t_equil_ps"],
        replicas=config["ensemble"]["replicas"],
        root_seed=config["ensemble"]["root_seed"],
        harmonic_twin=False,
        precision="float64",
        progress=False,
    )
    # samples every 20 fs in place of 10: under one noise less than a standard error apart
    blocks = [campaign.trajectory("zero", r).kinetic_energy.mean(("x", "y")) for r in range(2)]
    error = np.std(blocks, ddof=1) / np.sqrt(np.size(blocks))
    assert abs(found.kinetic_energy.sel(field=0).mean() - np.mean(blocks)) < error
    assert found.attrs["replicas"] == 2 and found.attrs["control_variate"] == "none"
    # the same seed, the same bits; another one, another noise
    again = {"t_max_ps": 2.0, "t_equil_ps": 1.0, "progress": False, "harmonic_twin": False}
    one, same, other = (fh.simulate(model, **again, root_seed=s) for s in (3, 3, 4))
    assert one.drop_attrs().identical(same.drop_attrs())
    assert not one.drop_attrs().equals(other.drop_attrs())


def _same(campaign):
    """The keys of the small campaign."""
    groups = ("lattice", "temperature", "damping", "field", "time", "ensemble", "balances", "scan")
    return {name: campaign.config[name] for name in (*groups, "campaign")}


def test_twins_lower_the_errors_in_a_notebook_too(campaign):
    settings = {"t_max_ps": 12.0, "t_equil_ps": 2.0, "progress": False}
    plain, twins = (
        fh.simulate(campaign.model, **settings, harmonic_twin=twin) for twin in (False, True)
    )
    for name in ("kinetic_energy", "polarization"):
        errors = [d[f"{name}_stderr"].sel(field=0).mean() for d in (plain, twins)]
        assert errors[1] < errors[0] / 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"t_equil_ps": 5.0, "t_max_ps": 5.0}, "leave nothing of t_max_ps"),
        ({"replicas": 0}, "ask for 1 or more"),
        ({"t_equil_ps": 1.0, "t_max_ps": 1.01}, "nothing is sampled"),
        ({"precision": "float16"}, "precision: 'float16'"),
    ],
)
def test_what_cannot_be_simulated_is_said(campaign, changes, words):
    with pytest.raises(ConfigError, match=words):
        fh.simulate(campaign.model, progress=False, **changes)


def test_a_material_is_not_written_over(here, tmp_path):
    data = "data/batio3-pbesol/dataset.yaml"
    made = fh.material_from_phonopy(data, tmp_path / "mine.yaml")
    assert fh.Material.read(tmp_path / "mine.yaml").onsite == made.onsite
    with pytest.raises(ConfigError, match="is there already"):
        fh.material_from_phonopy(data, tmp_path / "mine.yaml")
