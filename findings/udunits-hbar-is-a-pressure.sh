#!/usr/bin/env bash
# The unit "hbar" of a netCDF file is the hectobar, 10 MPa, for UDUNITS and so for cf-units, Iris and NCO, and
# Planck's constant over 2π for pint. Expected: both know ħ by that name, or UDUNITS refuses a word it does not
# have, as it refuses Ry, bohr and mu_B.
# Seen with cf-units 3.3.1 beside Pint 0.25.3: an angular momentum in hbar converts to 1e7 Pa without a word,
# and not to J s; the same unit is 1.0546e-34 J s in pint. Prefixes are glued to every name (h and bar), so
# it parses; UDUNITS' own table does not list it.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet cf-units==3.3.1 pint==0.25.3
cd "$folder"

cat > probe.py <<'PYTHON'
import sys

import cf_units
import numpy as np
import pint

registry = pint.UnitRegistry()


def known(name):
    """Whether UDUNITS has a meaning for a unit."""
    try:
        return bool(cf_units.Unit(name))
    except ValueError:
        return False


unit = cf_units.Unit("hbar")
pressure = unit.convert(1.0, "Pa")
action = unit.is_convertible("J s")
refused = [name for name in ("Ry", "bohr", "mu_B") if not known(name)]
by_pint = registry.Quantity(1.0, "hbar").to("J s").magnitude
print(f"cf-units {cf_units.__version__}: 1 hbar is {pressure:g} Pa, convertible to J s: {action}")
print(f"    refused: {', '.join(refused)}")
print(f"Pint {pint.__version__}: 1 hbar is {by_pint:.5g} J s")
as_seen = (
    np.isclose(pressure, 1e7)
    and not action
    and len(refused) == 3
    and np.isclose(by_pint, 1.054571817e-34, rtol=1e-6)
)
sys.exit(0 if as_seen else "one of them has changed: hbar means something else now")
PYTHON
venv/bin/python probe.py
