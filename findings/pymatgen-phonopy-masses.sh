#!/usr/bin/env bash
# pymatgen keeps the masses of a phonopy crystal (site property "phonopy_masses") on the way in and leaves
# them out on the way back. Guess before trying: its two converters undo one another.
# Seen with pymatgen-core 2026.10.16, phonopy 4.10.0: deuterium of 2.014 amu comes back with the 1.008 amu of
# hydrogen, without a word; frequencies from that crystal are too high by up to sqrt(2). Neither docstring
# says it.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pymatgen-core==2026.10.16 phonopy==4.10.0
cd "$folder"

cat > probe.py <<'PYTHON'
import sys
import warnings

import numpy as np
from phonopy.structure.atoms import PhonopyAtoms
from pymatgen.io.phonopy import get_phonopy_structure, get_pmg_structure

warnings.simplefilter("ignore")
given = PhonopyAtoms(
    symbols=["Li", "H"],
    cell=[[0, 2.04, 2.04], [2.04, 0, 2.04], [2.04, 2.04, 0]],
    scaled_positions=[[0, 0, 0], [0.5, 0.5, 0.5]],
    masses=[7.016, 2.014],
)
between = get_pmg_structure(given)
back = get_phonopy_structure(between)
masses = np.array(between.site_properties["phonopy_masses"])
print(f"masses in phonopy {given.masses}, in pymatgen {masses}, back in phonopy {back.masses}")
kept = np.allclose(masses, given.masses)
lost = np.allclose(back.masses, [6.941, 1.008], atol=1e-3)
sys.exit(0 if kept and lost else "pymatgen has changed: the masses come back")
PYTHON
venv/bin/python probe.py
