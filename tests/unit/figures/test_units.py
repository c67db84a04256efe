"""Units follow the data."""

import numpy as np
import pytest

from ferronhall.results.figures import quantities
from tests.unit.synthetic_campaign import make_bonds


def test_units_follow_the_size_of_the_data(campaign):
    _, ensemble = campaign
    small = ensemble * 1e-3
    assert quantities.field_odd(small, "polarization").unit.label == "nC/m²"
    assert quantities.zero_field(ensemble, "polarization").unit.label == "C/m²"
    assert quantities.zero_field(ensemble, "kinetic_energy").unit.label == "meV"
    flat = quantities.field_odd(ensemble * 0.0, "angular_momentum")
    assert flat.unit.label == r"$\hbar$"


@pytest.mark.parametrize("charge", [None, 3.0, -3.0])
def test_a_bond_charge_turns_bilinears_into_polarizations(campaign, charge):
    """In Å² without one; with one in C/m², its sign turns the map and not the errors."""
    bonds = make_bonds(campaign[0], charge)
    found = quantities.second_order(bonds, "zero_field", "bilinear_folded")
    assert found.unit.ascii == ("uC/m2" if charge else "1e-5 angstrom2")
    size = 1e6 * 0.25 * charge if charge else 1e5
    expected = bonds["bilinear_folded"].sel(part="zero_field")
    np.testing.assert_allclose(found.values, size * expected, rtol=1e-12)
    np.testing.assert_allclose(found.stderr, abs(size) * 1e-7, rtol=1e-12)
