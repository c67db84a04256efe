#!/usr/bin/env bash
# xarray hands the attribute units on through operations that change the unit: a variance in Å², a square, a
# logarithm, a correlation and a count all say "angstrom", and pint-xarray takes their word for it. Expected: a
# result has no unit, as before 2025.11 (logarithms apart), or the right one.
# Seen with xarray 2026.9.0, pint-xarray 0.6.1: var, x * x, x ** 2, x / x, log, corr, count, prod and x > 1 keep
# "angstrom", while integrate and differentiate drop it; quantify() then makes Å of a variance, and adds it to a
# length without complaint, where pint refuses the same of quantities. keep_attrs is True by default since
# 2025.11, as its release notes say; of units that are wrong thereby they say nothing.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet xarray==2026.9.0 pint-xarray==0.6.1
cd "$folder"

cat > probe.py <<'PYTHON'
import sys
import warnings

import numpy as np
import pint
import pint_xarray
import xarray as xr

warnings.simplefilter("ignore")
time = xr.DataArray(np.linspace(0.0, 4.0, 5), dims="time", attrs={"units": "ps"})
x = xr.DataArray(
    np.array([1.0, 1.2, 0.9, 1.1, 1.3]), dims="time", coords={"time": time}, attrs={"units": "angstrom"}
)
OPERATIONS = {
    "var": lambda: x.var(),
    "x * x": lambda: x * x,
    "x ** 2": lambda: x**2,
    "x / x": lambda: x / x,
    "log": lambda: np.log(x),
    "corr": lambda: xr.corr(x, x + 0.1 * time),
    "count": lambda: x.count(),
    "prod": lambda: x.prod(),
    "x > 1": lambda: x > 1,
    "x * time": lambda: x * time,
    "integrate": lambda: x.integrate("time"),
    "differentiate": lambda: x.differentiate("time"),
}
found = {name: operation().attrs.get("units") for name, operation in OPERATIONS.items()}
print(f"units of the result, of angstrom by xarray {xr.__version__}:")
for name, unit in found.items():
    print(f"    {name}: {unit}")
added = x.var().pint.quantify() + x.mean().pint.quantify()
print(f"a variance and a mean, quantified, add up to {added.item():.3f}")
length = x.pint.quantify()
try:
    length.var() + length.mean()
    refused = False
except pint.DimensionalityError as error:
    refused = True
    print(f"those of a quantified array: {error}")
wrong = [name for name, unit in found.items() if unit == "angstrom"]
as_seen = refused and wrong == list(OPERATIONS)[:9] and str(added.pint.units) == "angstrom"
sys.exit(0 if as_seen else "xarray has changed: units are handed on otherwise now")
PYTHON
venv/bin/python probe.py
