#!/usr/bin/env bash
# phonopy passes over the unit behind xcart in an ABINIT input, and honours the same word behind acell.
# Guess before trying: both count, as any length of ABINIT may carry one, or the word is refused.
# Seen with phonopy 4.10.0: with acell and xcart in Angstrom, the second atom of CsCl lies at 0.2646 of the
# diagonal for 0.5, so the crystal is no longer cubic, without a word. Its documentation lists xcart among
# what it reads, and names no unit.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet phonopy==4.10.0
cd "$folder"

cat > probe.py <<'PYTHON'
import sys

import phonopy
import spglib
from phonopy.interface.calculator import read_crystal_structure

INPUT = """natom 2  ntypat 2  typat 1 2  znucl 55 17
acell 3*4.12 Angstrom
rprim 1 0 0  0 1 0  0 0 1
"""
GIVEN = {
    "xred": "xred 0 0 0  0.5 0.5 0.5\n",
    "xcart": "xcart 0 0 0  2.06 2.06 2.06 Angstrom\n",
}
found = {}
for name, line in GIVEN.items():
    with open(name, "w") as file:
        file.write(INPUT + line)
    cell, _ = read_crystal_structure(name, interface_mode="abinit")
    found[name] = cell.scaled_positions[1, 0]
    group = spglib.get_spacegroup(cell.totuple()).split()[0]
    print(f"phonopy {phonopy.__version__}, {name}: second atom at {found[name]:.4f}, {group}")
as_seen = abs(found["xred"] - 0.5) < 1e-6 and abs(found["xcart"] - 0.2646) < 1e-4
sys.exit(0 if as_seen else "phonopy has changed: the unit of xcart counts")
PYTHON
venv/bin/python probe.py
