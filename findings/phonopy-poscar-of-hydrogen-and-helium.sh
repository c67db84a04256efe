#!/usr/bin/env bash
# phonopy makes hydrogen, helium, lithium, ... of a POSCAR whose species are named after their potentials: one
# name that is no chemical symbol, and all atoms are numbered through from hydrogen. Expected: Ba_sv is
# barium, as the line is meant to say, or a name that is not known is refused.
# Seen with phonopy 4.10.0 beside ASE 3.29.0 and pymatgen-core 2026.10.16: BaTiO3 with "Ba_sv Ti_sv O", or
# with "Ba_sv/5ba4b2d3 ...", as some builds of VASP 6 write it into CONTCAR, is H, He, Li of 1.008, 4.003 and
# 6.941 amu in phonopy, and BaTiO3 in the other two. phonopy-init ends well, and neither it nor the displaced
# supercells and phonopy_disp.yaml that it makes hold a warning; frequencies are those of the light masses.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet phonopy==4.10.0 ase==3.29.0 pymatgen-core==2026.10.16
cd "$folder"

cat > probe.py <<'PYTHON'
import subprocess
import sys
import warnings

import yaml
from ase.io import read
from pymatgen.io.vasp import Poscar

warnings.simplefilter("ignore")
POSCAR = """perovskite
1.0
4 0 0
0 4 0
0 0 4
{names}
1 1 3
Direct
0 0 0
0.5 0.5 0.5
0.5 0.5 0
0.5 0 0.5
0 0.5 0.5
"""
LIGHT, RIGHT = ["H", "He", "Li"], ["Ba", "Ti", "O"]
as_seen = True
for names in ("Ba Ti O", "Ba_sv Ti_sv O", "Ba_sv/5ba4b2d3 Ti_sv/aa11bb22 O/cc33dd44"):
    with open("POSCAR", "w") as file:
        file.write(POSCAR.format(names=names))
    made = subprocess.run(
        [sys.argv[1], "-d", "--dim", "2", "2", "2", "-c", "POSCAR"],
        check=True,
        capture_output=True,
        text=True,
    )
    told = "warn" in (made.stdout + made.stderr).lower()
    with open("phonopy_disp.yaml") as file:
        points = yaml.safe_load(file)["unit_cell"]["points"]
    found = list(dict.fromkeys(point["symbol"] for point in points))
    masses = list(dict.fromkeys(point["mass"] for point in points))
    others = [
        list(dict.fromkeys(read("POSCAR", format="vasp").get_chemical_symbols())),
        [str(element) for element in Poscar.from_file("POSCAR").structure.composition],
    ]
    print(f"{names}:")
    print(f"    phonopy-init: {' '.join(found)} of {masses} amu")
    print("    ASE and pymatgen:", ", ".join(" ".join(other) for other in others))
    wanted = RIGHT if "_" not in names else LIGHT
    as_seen = as_seen and found == wanted and not told and others == [RIGHT, RIGHT]
sys.exit(0 if as_seen else "phonopy has changed: names of potentials count otherwise now")
PYTHON
venv/bin/python probe.py venv/bin/phonopy-init
