#!/usr/bin/env bash
# Euphonic reads the force constants of a phonopy.yaml that names "calculator: qe" as eV/Å² where the file
# has no block physical_unit, and phonopy 2.43.2 writes none for a Phonopy made in Python.
# Guess before trying: both read one file alike, as the calculator and the factor to THz stand in it.
# Seen with phonopy 2.43.2, Euphonic 2.1.1: one cubic crystal in bohr and Ry/bohr², saved by phonopy, has
# its highest mode at 7.32 THz in phonopy and 1.05 THz in Euphonic, which states the units it assumes and
# ends well. A ratio of 6.97 between two codes is that of the factors to THz, 108.97 over 15.63.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet phonopy==2.43.2 euphonic==2.1.1
cd "$folder"

cat > probe.py <<'PYTHON'
import sys
import warnings

import numpy as np
import phonopy
from euphonic import ForceConstants
from phonopy.structure.atoms import PhonopyAtoms

warnings.simplefilter("ignore")
BOHR, RYDBERG, TO_THZ = 0.529177210903, 13.605693122994, 108.97077184
cell = PhonopyAtoms(
    symbols=["Cs", "Cl"], cell=3.2 / BOHR * np.eye(3), scaled_positions=[[0, 0, 0], [0.5, 0.5, 0.5]]
)
crystal = phonopy.Phonopy(
    cell, supercell_matrix=np.diag([3, 3, 3]), primitive_matrix=np.eye(3), calculator="qe", factor=TO_THZ
)
places, edges = crystal.supercell.scaled_positions, crystal.supercell.cell
matrix = np.zeros((54, 54, 3, 3))
for i, j in np.ndindex(54, 54):
    apart = places[j] - places[i]
    apart = (apart - np.round(apart)) @ edges
    length = np.linalg.norm(apart) * BOHR
    if 0 < length < 3.3:
        along = np.outer(apart, apart) / (apart @ apart)
        # a spring (eV/Å²) along the bond and a weak one across, stronger between unlike atoms
        spring = (1.9 * along + 0.1 * np.eye(3)) if length < 2.9 else 0.5 * along
        matrix[i, j] = -spring / RYDBERG * BOHR**2
for i in range(54):
    matrix[i, i] = -matrix[i].sum(axis=0)
crystal.force_constants = matrix
crystal.save("phonopy.yaml", settings={"force_constants": True})

q = np.array([[0.25, 0.1, 0.0]])
crystal.run_qpoints(q)
own = float(np.max(crystal.get_qpoints_dict()["frequencies"]))
modes = ForceConstants.from_phonopy(path=".").calculate_qpoint_phonon_modes(q)
other = float(np.max(modes.frequencies.to("1/cm").magnitude)) * 0.0299792458
print(f"phonopy {phonopy.__version__}: {own:.3f} THz; Euphonic, from the file saved: {other:.3f} THz")
apart = np.isclose(own / other, 6.9704, rtol=1e-3)
sys.exit(0 if apart else "the two have changed: their frequencies are no longer apart by 6.97")
PYTHON
venv/bin/python probe.py
