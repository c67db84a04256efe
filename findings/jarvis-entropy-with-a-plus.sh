#!/usr/bin/env bash
# The vibrational entropy of JARVIS-Tools adds n ln n where (n + 1) ln(n + 1) - n ln n stands in every textbook: it
# is negative for a cold crystal, and several times too large for a hot one.
# Expected: it agrees with phonopy's entropy of the same frequencies, as does its heat capacity.
# Seen with jarvis-tools 2026.6.12: three modes at 200 cm⁻¹ have -2.66 J/(K mol) at 100 K and 220.5 at 1000 K,
# where phonopy's formula has 5.72 and 56.1; heat capacities of the same object are right to 1e-3. No warning. (It
# returns the integrand over energies, which is added up here as the heat capacity is there.)
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet jarvis-tools==2026.6.12 phonopy==2.43.2 numpy==2.2.6
cd "$folder"

cat > probe.py <<'PYTHON'
import sys
import warnings
from importlib.metadata import version

import numpy as np
from jarvis.analysis.phonon.dos import PhononDos, icm_to_eV
from phonopy.phonon.thermal_properties import mode_cv, mode_S
from scipy.constants import c, h, physical_constants

warnings.simplefilter("ignore")
EV, MODES, WAVENUMBER, WIDTH = 96485.33, 3, 200.0, 1.0  # J/mol of 1 eV, per cell, 1/cm, 1/cm
to_ev = h * c * 100 * physical_constants["joule-electron volt relationship"][0]
wavenumbers = np.linspace(0.0, 400.0, 8001)
density = np.exp(-((wavenumbers - WAVENUMBER) ** 2) / (2 * WIDTH**2))
density *= MODES / np.trapezoid(density, wavenumbers)
crystal = PhononDos(phonon_dos=density, phonon_freq_cm=wavenumbers)
found = {}
print(f"{MODES} modes at {WAVENUMBER:g} 1/cm, J/(K mol), of jarvis-tools {version('jarvis-tools')} and phonopy:")
for kelvin in (50.0, 100.0, 300.0, 1000.0):
    entropy = np.trapezoid(crystal.vibrational_entropy(kelvin), wavenumbers * icm_to_eV) * EV
    energies = np.array([WAVENUMBER * to_ev])
    right = MODES * float(mode_S(kelvin, energies)[0]) * EV
    capacity = crystal.heat_capacity(kelvin), MODES * float(mode_cv(kelvin, energies)[0]) * EV
    print(f"    {kelvin:6g} K: entropy {entropy:8.2f}, {right:6.2f};", end=" ")
    print(f"heat capacity {capacity[0]:6.2f}, {capacity[1]:6.2f}")
    n = 1 / np.expm1(energies[0] / (kelvin * 8.617333e-5))
    wrong = MODES * 8.314463 * ((n + 1) * np.log(n + 1) + n * np.log(n))
    found[kelvin] = np.isclose(entropy, wrong, rtol=0.01) and np.isclose(*capacity, rtol=0.01)
sys.exit(0 if all(found.values()) else "jarvis-tools has changed: the entropy is another one now")
PYTHON
venv/bin/python probe.py
