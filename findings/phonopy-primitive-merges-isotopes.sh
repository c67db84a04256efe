#!/usr/bin/env bash
# The primitive cell that phonopy finds by itself (primitive_matrix="auto", the default since version 4)
# looks at elements and positions alone: two isotopes that the unit cell tells apart become one. Guess
# before trying: sites of unlike mass stay apart, as sites of unlike moment do, or phonopy refuses.
# Seen with phonopy 4.10.0: of a chain of hydrogen and deuterium, the cell of two masses in the unit cell
# and the supercell, every atom vibrates as hydrogen: 53.9 THz for 46.7 THz. The warnings speak of another
# cell and its symmetry, not of masses; the documentation says that the cell is found from symmetry.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet phonopy==4.10.0
cd "$folder"

cat > probe.py <<'PYTHON'
import sys
import warnings

import numpy as np
import phonopy
from phonopy.physical_units import get_physical_units
from phonopy.structure.atoms import PhonopyAtoms

warnings.simplefilter("ignore")
SPRING = 3.0  # eV/Å²
MASSES = np.array([1.00783, 2.01410])  # amu
cell = PhonopyAtoms(
    symbols=["H", "H"],
    cell=np.diag([3.0, 3.0, 6.0]),
    scaled_positions=[[0, 0, 0], [0, 0, 0.5]],
    masses=MASSES,
)


def highest(primitive, q):
    """Highest frequency (THz) with springs between neighbours along z, and the masses behind it."""
    crystal = phonopy.Phonopy(cell, np.diag([1, 1, 2]), primitive_matrix=primitive)
    sites = crystal.supercell.scaled_positions
    matrix = np.zeros((4, 4, 3, 3))
    for i, j in np.ndindex(4, 4):
        apart = sites[j] - sites[i]
        if np.isclose(abs((apart - np.round(apart))[2]), 0.25):
            matrix[i, j, 2, 2] = -SPRING
    for i in range(4):
        matrix[i, i] = -matrix[i].sum(axis=0)
    crystal.force_constants = matrix
    crystal.run_qpoints([q])
    return float(np.max(crystal.get_qpoints_dict()["frequencies"])), crystal.primitive.masses


textbook = np.sqrt(2 * SPRING * np.sum(1 / MASSES)) * get_physical_units().DefaultToTHz
own, kept = highest("P", [0, 0, 0])
found, merged = highest("auto", [0, 0, 0.5])  # the same mode, in the cell of one atom
print(f"phonopy {phonopy.__version__}; highest mode of a chain of two masses: {textbook:.2f} THz")
print(f'    primitive_matrix="P": {own:.2f} THz, masses {kept}')
print(f'    primitive_matrix="auto": {found:.2f} THz, masses {merged}')
as_seen = np.isclose(own, textbook, rtol=1e-3) and len(merged) == 1 and found > 1.1 * textbook
sys.exit(0 if as_seen else 'phonopy has changed: "auto" no longer merges the two masses')
PYTHON
venv/bin/python probe.py
