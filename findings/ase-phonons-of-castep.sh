#!/usr/bin/env bash
# ASE reads the masses in a .phonon file of CASTEP and drops them, and the crystal comes back without
# periodicity. Expected: the masses that the eigenvectors belong to, and a crystal that is periodic, as the file
# holds both (its cell and a column of masses).
# Seen with ASE 3.29.0 beside Euphonic 2.1.1: of LiD, with 2.014 amu in the file, ASE makes LiH with 1.008 amu
# and pbc False in all directions, and the displacements that follow from the eigenvectors by these masses are
# 1.41 times too large; Euphonic has 2.014 amu. No warning. Neighbours across the cell's faces are lost.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet ase==3.29.0 euphonic==2.1.1
cd "$folder"

cat > probe.py <<'PYTHON'
import sys
import warnings

import numpy as np
from ase.io import read
from euphonic import QpointPhononModes

warnings.simplefilter("ignore")
HEADER = """ BEGIN header
 Number of ions         2
 Number of branches     6
 Number of wavevectors  1
 Frequencies in         cm-1
 IR intensities in      (D/A)**2/amu
 Raman activities in    A**4 amu**(-1)
 Unit cell vectors (A)
    0.000000    2.040000    2.040000
    2.040000    0.000000    2.040000
    2.040000    2.040000    0.000000
 Fractional Co-ordinates
     1     0.000000    0.000000    0.000000   Li         7.016000
     2     0.500000    0.500000    0.500000   H          2.014100
 END header
     q-pt=    1    0.500000  0.500000  0.500000      1.0000000000
"""
FREQUENCIES = [300.0, 300.0, 380.0, 700.0, 700.0, 900.0]
with open("lid.phonon", "w") as file:
    file.write(HEADER)
    for mode, frequency in enumerate(FREQUENCIES):
        file.write(f"{mode + 1:8d}    {frequency:12.6f}\n")
    file.write("                        Phonon Eigenvectors\n")
    file.write("Mode Ion                X                                   Y                       Z\n")
    for mode in range(6):
        for ion in range(2):
            parts = "".join(f"{float(3 * ion + k == mode):16.12f}{0:16.12f}    " for k in range(3))
            file.write(f"{mode + 1:4d}{ion + 1:4d}{parts}\n")

crystal = read("lid.phonon", format="castep-phonon")
masses = crystal.get_masses()
right = QpointPhononModes.from_castep("lid.phonon").crystal.atom_mass.to("amu").magnitude
print(f"ASE: masses {masses} amu, periodic {crystal.pbc}")
print(f"Euphonic: masses {right} amu; displacements of hydrogen by a factor of", end=" ")
print(f"{np.sqrt(right[1] / masses[1]):.2f} apart")
as_seen = (
    np.allclose(right, [7.016, 2.0141])
    and np.allclose(masses, [6.94, 1.008])
    and not crystal.pbc.any()
)
sys.exit(0 if as_seen else "ASE has changed: masses or periodicity of a .phonon file count now")
PYTHON
venv/bin/python probe.py
