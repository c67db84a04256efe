"""Physical constants against scipy's, which may be those of the adjustment before or after."""

import pytest
from scipy import constants

from ferronhall.base import units

LENGTH, TIME = 1e-10, 1e-12


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (units.ELECTRONVOLT, constants.e),
        (units.BOLTZMANN_EV_PER_K, constants.physical_constants["Boltzmann constant in eV/K"][0]),
        (units.HBAR, constants.physical_constants["reduced Planck constant in eV s"][0] / TIME),
        (units.BOHR_MAGNETON, constants.physical_constants["Bohr magneton in eV/T"][0]),
        (units.VACUUM_PERMITTIVITY, constants.epsilon_0),
        (units.BOHR, constants.physical_constants["Bohr radius"][0] / LENGTH),
        (units.RYDBERG, constants.physical_constants["Rydberg constant times hc in eV"][0]),
        (units.COULOMB_PER_M2, constants.e / LENGTH**2),
        # m c² of an atomic mass unit, and e² = α ħ c with ħ c in eV Å
        (units.AMU * (constants.c * TIME / LENGTH) ** 2,
         1e6 * constants.physical_constants["atomic mass constant energy equivalent in MeV"][0]),
        (units.COULOMB, constants.fine_structure * units.HBAR * constants.c * TIME / LENGTH),
    ],
)  # fmt: skip
def test_of_codata(found, expected):
    """Adjustments of the constants differ by parts in 10⁹."""
    assert found == pytest.approx(expected, rel=3e-9)
