#!/usr/bin/env bash
# The masses in a pw.x input (ATOMIC_SPECIES) do not reach who reads its crystal: ASE, pymatgen and phonopy
# put the tabulated mass of the element in their place; and ASE writes two isotopes of an element as one
# species with the first one's mass. Guess before trying: masses are kept, as the input always states them
# and isotopes are what one changes them for.
# Seen with ASE 3.29.0, pymatgen-core 2026.10.16, phonopy 4.10.0: SrTi(18)O3, with 17.999 amu written for
# oxygen, is read with 15.999 amu by all three, without a word; of H and D in one molecule ASE writes H alone.
# phonopy's documentation says so, and takes the masses of the file as soon as one label has a number (O1);
# ASE's and pymatgen's do not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet phonopy==4.10.0 ase==3.29.0 pymatgen-core==2026.10.16
cd "$folder"

cat > pw.in <<'INPUT'
&control
  calculation = 'scf'
/
&system
  ibrav = 0, nat = 5, ntyp = 3, ecutwfc = 60
/
&electrons
/
ATOMIC_SPECIES
  Sr 87.62 Sr.upf
  Ti 47.867 Ti.upf
  O 17.99916 O.upf
K_POINTS automatic
  4 4 4 0 0 0
CELL_PARAMETERS angstrom
  3.9 0.0 0.0
  0.0 3.9 0.0
  0.0 0.0 3.9
ATOMIC_POSITIONS crystal
  Sr 0.0 0.0 0.0
  Ti 0.5 0.5 0.5
  O 0.5 0.5 0.0
  O 0.5 0.0 0.5
  O 0.0 0.5 0.5
INPUT
sed 's/^  O /  O1 /' pw.in > numbered.in
cat > probe.py <<'PYTHON'
import sys
import warnings

import numpy as np
from ase import Atoms
from ase.io import read, write
from phonopy.interface.qe import read_pwscf
from pymatgen.io.pwscf import PWInput

warnings.simplefilter("ignore")
found = {
    "ASE": read("pw.in", format="espresso-in").get_masses()[-1],
    "pymatgen": float(PWInput.from_file("pw.in").structure[-1].specie.atomic_mass),
    "phonopy": read_pwscf("pw.in")[0].masses[-1],
    "phonopy, labelled O1": read_pwscf("numbered.in")[0].masses[-1],
}
print("oxygen of 17.99916 amu:", ", ".join(f"{mass:.3f} in {name}" for name, mass in found.items()))
read_as_seen = np.allclose(list(found.values()), [15.999, 15.999, 15.999, 17.99916], atol=1e-3)

molecule = Atoms("H2", positions=[[0, 0, 0], [0, 0, 0.74]], cell=[6, 6, 6], pbc=True)
molecule.set_masses([1.008, 2.014])
write("hd.in", molecule, format="espresso-in", pseudopotentials={"H": "H.upf"})
with open("hd.in") as file:
    species = [line.split() for line in file if line.strip().endswith(".upf")]
print("of H and D, ASE writes", ", ".join(f"{label} of {mass} amu" for label, mass, _ in species))
written_as_seen = [mass for _, mass, _ in species] == ["1.008"]
as_seen = read_as_seen and written_as_seen
sys.exit(0 if as_seen else "one of them has changed: the masses count elsewhere")
PYTHON
venv/bin/python probe.py
