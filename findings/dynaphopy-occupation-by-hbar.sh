#!/usr/bin/env bash
# DynaPhoPy's occupation number of a mode divides its energy by ħ times the frequency in THz, no 2π: it is 2π times
# too high. And its factor from amu Å² THz to eV ps is 2.14 % above the one of the constants, so are energies.
# Expected: a spectrum of kT gives kT/hν - 1/2, which comes near Bose and Einstein's number, and a
# velocity of m<v²> = kT a kinetic energy of kT/2.
# Seen with dynaphopy 1.19.0: a mode at 5 THz and 300 K has the occupation number 7.36, where kT/hν - 1/2 is 0.75
# and the Bose-Einstein number 0.82; "Fit temperature" beside it is 299.6 K and looks right, as ħ stands there too.
# An atom's power spectrum adds up to 1.0214 of its kinetic energy. No warning.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet dynaphopy==1.19.0 phonopy==4.10.0
cd "$folder"

cat > probe.py <<'PYTHON'
import contextlib
import io
import re
import sys
import warnings
from importlib.metadata import version

import numpy as np
from dynaphopy import Quasiparticle
from dynaphopy.analysis.fitting import phonon_fitting_analysis
from dynaphopy.atoms import Structure
from dynaphopy.dynamics import Dynamics
from scipy.constants import atomic_mass, e, h, k

warnings.simplefilter("ignore")
KELVIN, NU, MASS, WIDTH = 300.0, 5.0, 40.0, 0.05  # K, THz, amu, THz
energy = k * KELVIN / e  # eV
print(f"dynaphopy {version('dynaphopy')}")

# a peak whose area is the mode's kinetic energy, as DynaPhoPy has it of a classical run
nu = np.linspace(0, 20, 20001)
peak = 0.5 * energy * (WIDTH / 2 / np.pi) / ((nu - NU) ** 2 + (WIDTH / 2) ** 2)
printed = io.StringIO()
with contextlib.redirect_stdout(printed):
    phonon_fitting_analysis(peak[:, None], nu, harmonic_frequencies=[NU], show_plots=False)
number = float(re.search(r"Occupation number +(\S+)", printed.getvalue())[1])
ratio = k * KELVIN / (h * NU * 1e12)
print(f"    occupation number at {NU:g} THz and {KELVIN:g} K: {number:.3f};", end=" ")
print(f"kT/hν - 1/2 is {ratio - 0.5:.3f}, Bose and Einstein's {1 / np.expm1(1 / ratio):.3f}")

# an atom that oscillates along x with m<v²> = kT, velocities in Å/ps, times in ps
time = np.arange(4000) * 0.005
velocity = np.zeros((len(time), 1, 3), complex)
velocity[:, 0, 0] = 1e-2 * np.sqrt(2 * k * KELVIN / (MASS * atomic_mass)) * np.cos(2 * np.pi * NU * time)
atom = Structure(cell=4 * np.eye(3), scaled_positions=np.zeros((1, 3)), masses=[MASS], atomic_elements=["Ar"])
with contextlib.redirect_stdout(io.StringIO()):
    crystal = Quasiparticle(Dynamics(structure=atom, velocity=velocity, time=time, supercell=4 * np.eye(3)))
    crystal.parameters.silent = True
    crystal.set_frequency_limits([0, 99])
    crystal.set_spectra_resolution(WIDTH)
    crystal.select_power_spectra_algorithm(2)
    spectrum = crystal.get_power_spectrum_full()
kinetic = float(np.trapezoid(spectrum, crystal.get_frequency_range())) / (0.5 * energy)
print(f"    the power spectrum adds up to {kinetic:.4f} of the kinetic energy")
as_seen = np.isclose(number, 2 * np.pi * ratio - 0.5, rtol=0.01) and np.isclose(kinetic, 1.0214, atol=5e-4)
sys.exit(0 if as_seen else "dynaphopy has changed: energies or occupation numbers are others now")
PYTHON
venv/bin/python probe.py
