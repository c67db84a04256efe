#!/usr/bin/env bash
# pandas and xarray make zeros of an array of femtoseconds or picoseconds: NumPy's timedelta64[fs] goes into
# timedelta64[ns] by cutting off what is below a nanosecond. The same time as a scalar is refused with a message.
# Expected: the resolution is kept, as for seconds and microseconds, or refused, as it is for a scalar.
# Seen with pandas 3.1.1, xarray 2026.9.0: of lag times of 0, 500, 1000, ... fs all are 0 ns, so xarray's integral
# of a correlation function over them is 0 where NumPy's is 1.02 ps, and 500 and 1500 ps become 0 and 1 ns.
# Nothing is said, and a NetCDF file of it holds the zeros.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pandas==3.1.1 xarray==2026.9.0 netCDF4==1.7.5.1.post1 numpy==2.4.6
cd "$folder"

cat > probe.py <<'PYTHON'
import sys
import warnings

import numpy as np
import pandas as pd
import xarray as xr

lag = np.arange(0, 20_000, 500).astype("timedelta64[fs]")
correlation = np.exp(-lag.astype(float) / 1000.0)
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    series = pd.Series(correlation, index=lag)
    array = xr.DataArray(correlation, dims="lag", coords={"lag": lag}, name="C")
    array.to_netcdf("correlation.nc")
    again = xr.load_dataarray("correlation.nc").lag.values
    picoseconds = pd.Series(np.array([0, 500, 1500]).astype("timedelta64[ps]")).to_numpy()
print(f"lags up to {lag[-1]}: last of pandas {pd.__version__}: {series.index[-1]}", end="; ")
print(f"of xarray {xr.__version__}: {array.lag.values[-1]}, of its file: {again[-1]}; {len(said)} warnings")
area = float(array.integrate("lag", datetime_unit="ns"))
print(f"integral by xarray: {area} ns; by NumPy: {np.trapezoid(correlation, lag.astype(float)) / 1000:.2f} ps")
print(f"0, 500 and 1500 ps: {picoseconds}")
try:
    pd.Timedelta(lag[1])
    refused = False
except ValueError as error:
    refused = True
    print(f"one lag by itself: {error}")
as_seen = refused and area == 0 and not said and not np.any(again.astype(int))
sys.exit(0 if as_seen else "pandas or xarray have changed: femtoseconds are kept or refused now")
PYTHON
venv/bin/python probe.py
