#!/usr/bin/env bash
# ASE reads starting_magnetization of a pw.x input by element, not by species: of Fe1 and Fe2 with opposite
# moments the last one's is given to both. Guess before trying: an antiferromagnet stays one, as two species
# of one element are how such an input is made, ASE's own writer included.
# Seen with ASE 3.29.0: what ASE writes for iron with +0.5 and -0.5 (the file's fractions) it reads back as
# -0.5 and -0.5, without a word. Its documentation does not say it.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet ase==3.29.0
cd "$folder"

cat > probe.py <<'PYTHON'
import sys

import ase
import numpy as np
from ase import Atoms
from ase.io import read, write

iron = Atoms("Fe2", cell=2.87 * np.eye(3), pbc=True, scaled_positions=[[0, 0, 0], [0.5, 0.5, 0.5]])
iron.set_initial_magnetic_moments([0.5, -0.5])
write("pw.in", iron, format="espresso-in", pseudopotentials={"Fe": "Fe.upf"}, kpts=(4, 4, 4))
with open("pw.in") as file:
    lines = [line.strip() for line in file if "starting_mag" in line or line.startswith("Fe")]
found = read("pw.in", format="espresso-in").get_initial_magnetic_moments()
print(f"ASE {ase.__version__} wrote:", *lines, sep="\n    ")
print(f"and read moments {found} of the two atoms")
parallel = abs(found[0]) > 0 and np.isclose(found[0], found[1])
sys.exit(0 if parallel else "ASE has changed: the moments are no longer parallel")
PYTHON
venv/bin/python probe.py
