#!/usr/bin/env bash
# pint's context of spectroscopy makes an energy of rad/ps with h instead of ħ. Expected: 2π rad/ps, which is
# 1 THz, has the energy of 1 THz (4.136 meV), or the unit with rad in it is refused, as astropy refuses it.
# Seen with Pint 0.25.3 beside astropy 8.0.2: 2π rad/ps is 25.99 meV, 2π times too much, and as a wavelength
# 2π times too short; back from 4.136 meV come 1 rad/ps and 1 THz alike. No warning. rad is a pure number in
# pint, as its documentation says; that ω becomes h ω it does not. Mode frequencies of an equation of motion
# are in rad/ps, and energies are what they are compared in.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pint==0.25.3 astropy==8.0.2
cd "$folder"

cat > probe.py <<'PYTHON'
import sys
import warnings

import numpy as np
import pint
from astropy import units

registry = pint.UnitRegistry()
TURN = 2 * np.pi  # rad/ps of 1 THz
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    angular, cyclic = registry.Quantity(TURN, "rad/ps"), registry.Quantity(1.0, "THz")
    energies = [one.to("meV", "spectroscopy").magnitude for one in (angular, cyclic)]
    lengths = [one.to("um", "spectroscopy").magnitude for one in (angular, cyclic)]
    back = registry.Quantity(energies[1], "meV").to("rad/ps", "spectroscopy").magnitude
by_hand = (angular * registry.hbar).to("meV").magnitude
print(f"Pint {pint.__version__}: 2π rad/ps is {energies[0]:.2f} meV, 1 THz {energies[1]:.3f} meV;")
print(f"    ħ times 2π rad/ps is {by_hand:.3f} meV, and wavelengths are {lengths[0]:.1f}, {lengths[1]:.1f} µm")
print(f"    {energies[1]:.3f} meV is {back:.2f} rad/ps")
try:
    (TURN * units.rad / units.ps).to(units.meV, equivalencies=units.spectral())
    refused = False
except units.UnitConversionError as error:
    refused = True
    print(f"astropy: {error}")
as_seen = (
    not told
    and refused
    and np.isclose(energies[0] / energies[1], TURN)
    and np.isclose(by_hand, energies[1])
    and np.isclose(lengths[1] / lengths[0], TURN)
    and np.isclose(back, 1.0)
)
sys.exit(0 if as_seen else "one of them has changed: an angular frequency counts otherwise now")
PYTHON
venv/bin/python probe.py
