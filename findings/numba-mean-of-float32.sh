#!/usr/bin/env bash
# Numba's mean, sum and var of a float32 array add up in float32, one number after the other: the sum stands
# still at 2^24. Expected: NumPy's numbers, as Numba lists the three among the NumPy functions it supports;
# NumPy adds up in pairs.
# Seen with Numba 0.68.1, NumPy 2.4.6: the mean of 50 million ones is 0.336 for 1, their variance 0.44 for 0;
# of a temperature of 300 K that fluctuates by 3 K, the mean over 4 million samples is off by 1 K, NumPy's by
# 3e-5 K. Neither fastmath nor threads play a part, and nothing is said. A dump of positions or energies in
# single precision is such an array; float64 hides it.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet numba==0.68.1 numpy==2.4.6
cd "$folder"

cat > probe.py <<'PYTHON'
import sys

import numba
import numpy as np


@numba.njit
def compiled(values):
    return values.mean(), values.sum(), values.var()


def plain(values):
    return values.mean(), values.sum(), values.var()


ones = np.ones(50_000_000, np.float32)
rng = np.random.default_rng(1)
kelvin = (300.0 + 3.0 * rng.standard_normal(4_000_000)).astype(np.float32)
exact = kelvin.mean(dtype=np.float64)
print(f"Numba {numba.__version__}, NumPy {np.__version__}")
found = {}
for name, function in (("NumPy", plain), ("Numba", compiled)):
    found[name] = (*function(ones), function(kelvin)[0] - exact)
    mean, total, variance, error = found[name]
    print(f"    {name}: of ones the mean {mean:.3f}, sum {total:.0f}, variance {variance:.2f};")
    print(f"        of temperatures the mean is off by {error:.2g} K")
as_seen = (
    np.allclose(found["NumPy"][:3], [1.0, 5e7, 0.0])
    and found["Numba"][1] == 2**24
    and np.isclose(found["Numba"][0], 2**24 / 5e7, rtol=1e-3)
    and abs(found["Numba"][3]) > 100 * abs(found["NumPy"][3])
)
sys.exit(0 if as_seen else "Numba has changed: it sums as NumPy does now")
PYTHON
venv/bin/python probe.py
