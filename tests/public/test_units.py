"""Every unit in the result files is one that pint reads, and no unit stands where it is wrong."""

import pytest

import ferronhall as fh

pint_xarray = pytest.importorskip("pint_xarray", reason="pint-xarray reads the units")


@pytest.fixture
def datasets(complete):
    """Every dataset of the small campaign, with a trajectory and a state."""
    campaign = fh.open(complete)
    found = {stage: getattr(campaign, stage) for stage in campaign.stages}
    return found | {"trajectory": campaign.trajectory("plus"), "state": campaign.state()}


def test_every_file_is_quantified(datasets):
    for name, dataset in datasets.items():
        quantified = dataset.pint.quantify()
        for key in dataset.data_vars:
            if "units" in dataset[key].attrs:
                assert quantified[key].pint.units is not None, (name, key)


def test_numbers_of_several_units_have_none(datasets):
    assert "units" not in datasets["phonons"].quartic.attrs
    assert "eV/Å⁴" in datasets["phonons"].quartic.long_name


def test_units_are_those_of_the_numbers(datasets):
    """Converted by pint to others, in which the numbers are known by other means."""
    model = fh.Model.from_dataset(datasets["parameters"])
    quantified = datasets["parameters"].pint.quantify()
    volume = quantified.lattice_constant**3
    charge = quantified.mode_charge.sel(component="x", axis="x")
    polarization = (charge * quantified.u0 / volume).pint.to("C/m^2").pint.dequantify()
    assert float(polarization) == pytest.approx(model.material.polarization, rel=1e-6)
    energy = datasets["theory"].kinetic_energy.pint.quantify().pint.to("K * k_B")
    # in equilibrium 3/2 k_B T; the hot band loses heat to its flanks, and no cell is hotter
    assert float(energy.pint.dequantify().max()) < 1.5 * 50
    assert float(energy.pint.dequantify().max()) > 0.2 * 1.5 * 50


def test_every_number_with_a_unit_says_what_it_is(datasets):
    for name, dataset in datasets.items():
        for key, variable in dataset.data_vars.items():
            if "units" in variable.attrs:
                assert variable.attrs.get("long_name"), (name, key)


def test_words_have_no_unit(datasets):
    for dataset in datasets.values():
        for variable in dataset.variables.values():
            assert variable.dtype.kind not in "OUSb" or "units" not in variable.attrs


def test_what_the_accessor_makes_is_quantified(datasets):
    for name in ("ensemble", "theory", "balances", "timestep"):
        for made in ("edge_accumulation", "delta"):
            getattr(datasets[name].ferron, made)().pint.quantify()
