"""ds.ferron against sums by hand, and its units."""

import json

import numpy as np
import pytest
import xarray as xr

import ferronhall as fh


@pytest.fixture
def campaign(here):
    return fh.open("results/demo")


def test_the_edge_accumulation_is_a_mean_by_hand(campaign):
    """Two outermost layers of both faces, columns of both flanks as parameters.nc has them."""
    biases = campaign.timestep
    flank, edge = campaign.parameters.flank.values, campaign.parameters.edge.values
    values = biases.delta_polarization_bias.values[0]
    cells = [
        np.sign(x) * np.sign(y) * values[i, j]
        for i, x in enumerate(biases.x.values)
        for j, y in enumerate(biases.y.values)
        if flank[i] and edge[j]
    ]
    found = biases.ferron.edge_accumulation().delta_polarization_bias
    assert float(found[0]) == pytest.approx(np.mean(cells), rel=1e-12)
    assert found.dims == ("substep",) and found.units == "uC/m^2"


def test_stored_accumulations_and_errors_are_taken(campaign):
    found = campaign.ensemble.ferron.edge_accumulation()
    for key in ("delta_polarization", "angular_momentum_zero"):
        assert found[key].identical(campaign.ensemble[f"edge_{key}"].rename(key))
        assert found[f"{key}_stderr"] == campaign.ensemble[f"edge_{key}_stderr"]
    # the errors of cells tell no error of a mean
    assert "kinetic_energy_stderr" not in found


def test_delta_is_half_the_difference(campaign):
    theory = campaign.theory.drop_vars("delta_kinetic_energy")
    plus, minus = (theory.kinetic_energy.sel(field=s) for s in (1, -1))
    found = theory.ferron.delta().delta_kinetic_energy
    np.testing.assert_allclose(found, (plus - minus) / 2, rtol=1e-9, atol=1e-13)
    np.testing.assert_allclose(found, campaign.theory.delta_kinetic_energy, rtol=1e-9)
    assert found.units == "meV" and found.long_name.startswith("field-odd")
    # the order of the fields in a file plays no part
    turned = theory.isel(field=[2, 0, 1]).ferron.delta().delta_kinetic_energy
    np.testing.assert_array_equal(turned, found)
    # what is stored has the stored unit
    assert campaign.theory.ferron.delta().delta_polarization.units == "uC/m^2"


def test_a_cut_is_a_row_of_cells(campaign):
    ensemble = campaign.ensemble
    cut = ensemble.ferron.cut(y=1.2)
    assert float(cut.y) == 1.0
    np.testing.assert_array_equal(cut.delta_polarization, ensemble.delta_polarization[:, 3])
    assert "delta_polarization_stderr" in cut


@pytest.mark.parametrize("wrong", [{}, {"x": 0, "y": 0}, {"x": 9}, {"y": -3}])
def test_a_cut_outside_the_slab_is_refused(campaign, wrong):
    with pytest.raises(ValueError, match="cut: "):
        campaign.ensemble.ferron.cut(**wrong)


def test_a_dataset_without_configuration_has_no_flanks():
    dataset = xr.Dataset({"a": (("x", "y"), np.ones((3, 3)))})
    with pytest.raises(ValueError, match="does not record a lattice"):
        dataset.ferron.edge_accumulation()


def test_flanks_follow_from_the_recorded_configuration(campaign):
    config = json.loads(campaign.theory.attrs["config"])
    config["temperature"]["smoothing_fraction"] = 0.3
    wider = campaign.theory.assign_attrs(config=json.dumps(config))
    assert wider.ferron.cells.flank.sum() > campaign.theory.ferron.cells.flank.sum()
    assert (campaign.theory.ferron.cells.flank == campaign.parameters.flank.values).all()


def test_the_plot_shows_the_values(campaign):
    figure = campaign.ensemble.ferron.plot("kinetic_energy", field=1)
    mesh = figure.axes[0].collections[0]
    shown = np.asarray(mesh.get_array()).reshape(5, 7)
    np.testing.assert_array_equal(shown, campaign.ensemble.kinetic_energy.sel(field=1).T)
    assert "meV" in figure.axes[0].get_title()


def test_what_cannot_be_plotted_is_said(campaign):
    with pytest.raises(ValueError, match="choose one of kinetic_energy"):
        campaign.ensemble.ferron.plot("edge_delta_polarization")
    with pytest.raises(ValueError, match=r"isel\(substep=0\)"):
        campaign.timestep.ferron.plot("delta_polarization_bias")
