#!/usr/bin/env bash
# sisl's displacements of a phonon mode count masses in protons where they are given in amu: all are 0.36 % too
# small. Expected: sqrt(ħ/(m ω)) times the eigenvector, the formula in the docstring of
# EigenmodePhonon.displacement, with the mass that the atom has.
# Seen with sisl 0.20.0: for a chain of atoms of 50 amu on springs of 3 eV/Å², energies and velocities agree with
# the textbook to 1e-7, displacements are sqrt(1 amu / proton's mass) = 0.99638 of it; so are amplitudes of
# frozen phonons made of them, and energies of those 0.7 % too low. No warning.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet sisl==0.20.0 scipy==1.17.1
cd "$folder"

cat > probe.py <<'PYTHON'
import sys
import warnings

import numpy as np
import sisl
from scipy.constants import atomic_mass, e, hbar, m_p

warnings.simplefilter("ignore")
SPRING, MASS, EDGE, Q = 3.0, 50.0, 4.0, 0.2  # eV/Å², amu, Å, fraction of 2π/a
# (ħ ω)² in eV² of 1 eV/(Å² amu)
SQUARE = hbar**2 / (e * 1e-20 * atomic_mass)
atom = sisl.Atom(25, R=[1.1 * EDGE] * 3, mass=MASS)
crystal = sisl.Geometry([[0, 0, 0]], atom, lattice=sisl.Lattice([20, 20, EDGE], nsc=[1, 1, 3]))
matrix = sisl.DynamicalMatrix(crystal, dtype=np.float64)
for axis in range(3):
    matrix[axis, axis] = 2 * SPRING / MASS * SQUARE
    for cell in (-1, 1):
        matrix[axis, axis, (0, 0, cell)] = -SPRING / MASS * SQUARE
mode = matrix.eigenmode([0, 0, Q])
energy = 2 * np.sqrt(SPRING / MASS * SQUARE) * np.sin(np.pi * Q)
velocity = np.sqrt(SPRING / MASS * SQUARE) * EDGE * np.cos(np.pi * Q) / (hbar / e * 1e12)
length = 1e10 * hbar / np.sqrt(MASS * atomic_mass * energy * e)
found = {
    "energy (eV)": (mode.hw[0], energy),
    "velocity (Å/ps)": (np.abs(mode.velocity()).max(), velocity),
    "displacement (Å)": (np.abs(mode.displacement()).max(), length),
}
print(f"sisl {sisl.__version__}, chain of {MASS:g} amu, found and textbook:")
for name, (own, right) in found.items():
    print(f"    {name}: {own:.7g}, {right:.7g}; ratio {own / right:.6f}")
ratios = [own / right for own, right in found.values()]
print(f"    root of amu over the proton's mass: {np.sqrt(atomic_mass / m_p):.6f}")
as_seen = np.allclose(ratios, [1, 1, np.sqrt(atomic_mass / m_p)], rtol=1e-5)
sys.exit(0 if as_seen else "sisl has changed: displacements count masses in amu now")
PYTHON
venv/bin/python probe.py
