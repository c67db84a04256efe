#!/usr/bin/env bash
# The scaling factor of a POSCAR. phonopy applies it to the lattice and leaves Cartesian positions as they
# are; below zero, where it stands for the volume of the cell, phonopy and sisl multiply the lattice by it.
# Guess before trying: all read what VASP reads, or refuse what they do not know.
# Seen with phonopy 4.10.0, sisl 0.20.0 beside ASE 3.29.0: of a cubic perovskite given by a factor of 4 and
# Cartesian positions, titanium lies at 1/8 of the diagonal in phonopy and the space group is R3m; given by
# the factor -64, the cell of 64 Å³ has -262144 Å³ in phonopy and sisl. No warning. phonopy's
# documentation asks for positions in "Direct" and knows one ratio; it does not say that others are misread.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet phonopy==4.10.0 sisl==0.20.0 ase==3.29.0
cd "$folder"

cat > probe.py <<'PYTHON'
import sys
import warnings

import numpy as np
import sisl
import spglib
from ase.io import read
from phonopy.interface.vasp import read_vasp

warnings.simplefilter("ignore")
POSCAR = """perovskite
{factor}
1 0 0
0 1 0
0 0 1
Ba Ti O
1 1 3
{kind}
0 0 0
0.5 0.5 0.5
0.5 0.5 0
0.5 0 0.5
0 0.5 0.5
"""


def written(name, factor, kind):
    with open(name, "w") as file:
        file.write(POSCAR.format(factor=factor, kind=kind))
    return name


def group(cell):
    return spglib.get_spacegroup(cell.totuple()).split()[0]


scaled = written("scaled.vasp", 4.0, "Cartesian")
right = read(scaled, format="vasp").get_scaled_positions()[1]
found = read_vasp(scaled)
print(f"factor 4, Cartesian: titanium at {right} in ASE, in phonopy at")
print(f"    {found.scaled_positions[1]}, which makes the crystal {group(found)}")
shifted = np.allclose(right, 0.5) and np.allclose(found.scaled_positions[1], 0.125)

volume = written("volume.vasp", -64.0, "Direct")
lattices = {
    "ASE": read(volume, format="vasp").cell[:],
    "phonopy": read_vasp(volume).cell,
    "sisl": sisl.io.carSileVASP(volume).read_geometry().cell,
}
volumes = {name: float(np.linalg.det(lattice)) for name, lattice in lattices.items()}
print("factor -64, Direct:", ", ".join(f"{v:.0f} Å³ in {name}" for name, v in volumes.items()))
multiplied = np.allclose(list(volumes.values()), [64.0, -(64.0**3), -(64.0**3)])
sys.exit(0 if shifted and multiplied else "phonopy or sisl has changed: the factor counts now")
PYTHON
venv/bin/python probe.py
