#!/usr/bin/env bash
# What makes a cell tetragonal in the inputs of Elk and exciting does not reach phonopy: scale3 of an elk.in
# takes the place of scale, or is overwritten by it, where Elk multiplies the two; the attribute stretch of
# exciting's input.xml is passed over. Expected: both codes' own reading, as phonopy has an interface for
# either, or a refusal.
# Seen with phonopy 4.10.0: of a cell with a = 7.5 and c = 1.02 a (bohr), c is 7.5 with scale3 before scale,
# 1.02 with scale3 behind it, and 7.5 with stretch. No warning: a tetragonal crystal becomes a cubic one, with
# the displacements of a cubic one. With the numbers in the vectors it is read right.
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
import spglib
from phonopy.interface.calculator import read_crystal_structure

warnings.simplefilter("ignore", UserWarning)  # that exciting's species files are not here
STRETCHED = [7.5, 7.5, 7.65]
ELK = """{lines}
avec
 {c[0]} 0 0
 0 {c[1]} 0
 0 0 {c[2]}

atoms
 1
 'In.in'
 1
 0 0 0
"""
EXCITING = """<input>
<title>indium</title>
<structure speciespath=".">
<crystal{attributes}>
<basevect>{c[0]} 0 0</basevect><basevect>0 {c[1]} 0</basevect><basevect>0 0 {c[2]}</basevect>
</crystal>
<species speciesfile="In.xml"><atom coord="0 0 0"/></species>
</structure>
</input>
"""
SCALE, SCALE3, CUBE = "scale\n 7.5\n", "scale3\n 1.02\n", [1, 1, 1]
INPUTS = {
    "Elk, in the vectors": ("elk", ELK.format(lines="", c=STRETCHED)),
    "Elk, scale3 and scale": ("elk", ELK.format(lines=SCALE3 + "\n" + SCALE, c=CUBE)),
    "Elk, scale and scale3": ("elk", ELK.format(lines=SCALE + "\n" + SCALE3, c=CUBE)),
    "exciting, in the vectors": ("exciting", EXCITING.format(attributes="", c=STRETCHED)),
    "exciting, scale and stretch": (
        "exciting",
        EXCITING.format(attributes=' scale="7.5" stretch="1.0 1.0 1.02"', c=CUBE),
    ),
}
found = {}
for name, (program, text) in INPUTS.items():
    with open("input", "w") as file:
        file.write(text)
    cell, _ = read_crystal_structure("input", interface_mode=program)
    found[name] = np.diagonal(cell.cell)
    group = spglib.get_spacegroup(cell.totuple()).split()[0]
    print(f"phonopy {phonopy.__version__}; {name}: {found[name]} bohr, {group}")
seen = [STRETCHED, [7.5, 7.5, 7.5], [7.5, 7.5, 1.02], STRETCHED, [7.5, 7.5, 7.5]]
as_seen = np.allclose(list(found.values()), seen)
sys.exit(0 if as_seen else "phonopy has changed: a stretched cell is read otherwise now")
PYTHON
venv/bin/python probe.py
