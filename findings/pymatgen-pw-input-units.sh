#!/usr/bin/env bash
# pymatgen's PWInput reads the numbers of a pw.x input and passes over their units: a cell in bohr is taken
# in Å, positions in bohr as fractions of the cell, and an atom whose first coordinate has no decimal point
# is left out. Guess before trying: units are converted, or those it does not know refused.
# Seen with pymatgen-core 2026.10.16 beside ASE 3.29.0: CsCl in bohr has the edge 7.80 Å for 4.13 Å and the
# distance 1.35 Å for 3.57 Å, and is written out again as "angstrom" and "crystal"; with "0 0 0" for "0.0
# 0.0 0.0" it has one atom of nat = 2. No warning. The class calls itself very basic, and names no units.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pymatgen-core==2026.10.16 ase==3.29.0
cd "$folder"

cat > probe.py <<'PYTHON'
import io
import sys
import warnings

import numpy as np
from ase.io import read
from pymatgen.io.pwscf import PWInput

warnings.simplefilter("ignore")
INPUT = """&control
  calculation = 'scf'
/
&system
  ibrav = 0, nat = 2, ntyp = 2, ecutwfc = 60
/
&electrons
/
ATOMIC_SPECIES
  Cs 132.9 Cs.upf
  Cl 35.45 Cl.upf
K_POINTS automatic
  4 4 4 0 0 0
CELL_PARAMETERS bohr
  7.8 0.0 0.0
  0.0 7.8 0.0
  0.0 0.0 7.8
ATOMIC_POSITIONS bohr
  Cs 0.0 0.0 0.0
  Cl 3.9 3.9 3.9
"""
right = read(io.StringIO(INPUT), format="espresso-in")
found = PWInput.from_str(INPUT)
edge, apart = found.structure.lattice.a, found.structure.get_distance(0, 1)
print(f"ASE: edge {right.cell[0, 0]:.2f} Å, distance {right.get_distance(0, 1, mic=True):.2f} Å")
print(f"pymatgen: edge {edge:.2f} Å, distance {apart:.2f} Å")
cards = [line for line in str(found).splitlines() if "CELL_P" in line or "ATOMIC_P" in line]
print("    and writes:", ", ".join(cards))
short = PWInput.from_str(INPUT.replace("Cs 0.0 0.0 0.0", "Cs 0 0 0")).structure
print(f"    with cesium at 0 0 0: {short.formula}")
as_seen = np.isclose(edge, 7.8) and np.isclose(apart, 0.1 * np.sqrt(3) * 7.8) and len(short) == 1
sys.exit(0 if as_seen else "pymatgen has changed: units or whole numbers count now")
PYTHON
venv/bin/python probe.py
