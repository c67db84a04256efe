#!/usr/bin/env bash
# phonopy drops all magnetic moments of an FHI-aims geometry.in when one atom has none, so the sublattices of
# an antiferromagnet become one. Expected: an atom without the line initial_moment has the moment 0, as for
# ASE and, unless control.in says otherwise, for FHI-aims.
# Seen with phonopy 4.10.0 beside ASE 3.29.0: of layers with +2 and -2 on nickel and none on oxygen, phonopy reads no
# moments and takes half the cell for the primitive one; with "initial_moment 0" below each oxygen it keeps
# them and the whole cell. No warning. The displacements and wave vectors are then those of another crystal.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet phonopy==4.10.0 ase==3.29.0
cd "$folder"

cat > geometry.in <<'INPUT'
lattice_vector 4.2 0.0 0.0
lattice_vector 0.0 4.2 0.0
lattice_vector 0.0 0.0 8.4
atom_frac 0.0 0.0 0.0 Ni
initial_moment 2.0
atom_frac 0.0 0.0 0.5 Ni
initial_moment -2.0
atom_frac 0.5 0.5 0.25 O
atom_frac 0.5 0.5 0.75 O
INPUT
sed '/ O$/a initial_moment 0.0' geometry.in > stated.in
cat > probe.py <<'PYTHON'
import sys
import warnings

import numpy as np
import phonopy
from ase.io import read
from phonopy.interface.aims import read_aims

found = {}
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    for name in ("geometry.in", "stated.in"):
        cell = read_aims(name)
        crystal = phonopy.Phonopy(cell, np.eye(3, dtype=int), primitive_matrix="auto")
        found[name] = (cell.magnetic_moments, len(crystal.primitive))
spoken = [one for one in told if "moment" in str(one.message)]
for name, (moments, atoms) in found.items():
    print(f"phonopy {phonopy.__version__}, {name}: moments {moments}, {atoms} atoms in the primitive cell")
right = read("geometry.in", format="aims").get_initial_magnetic_moments()
print(f"ASE, geometry.in: moments {right}")
as_seen = (
    not spoken
    and found["geometry.in"] == (None, 2)
    and found["stated.in"][1] == 4
    and np.allclose(right, [2, -2, 0, 0])
)
sys.exit(0 if as_seen else "phonopy has changed: moments of some of the atoms count now")
PYTHON
venv/bin/python probe.py
