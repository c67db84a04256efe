#!/usr/bin/env bash
# What pymatgen's Vasprun calls force_constants is the matrix in the file as it stands: divided by the masses,
# with the opposite sign, and from VASP 6 on in THz², whose tag it passes over. Expected: force constants in
# eV/Å², as phonopy gets them from the same file; the attribute's docstring says "force constants computed in
# phonon DFPT run" and nothing of masses, sign or unit.
# Seen with pymatgen-core 2026.10.16 beside phonopy 4.10.0: two atoms of 2 and 8 amu on a spring of 5 eV/Å² have
# 5.0 and -5.0 in phonopy, whichever VASP wrote it, and -2.5 and 1.25 in pymatgen from VASP 5, -611 and 305.5
# from VASP 6. A crystal made of them with masses and this sign is unstable in every mode. No warning.
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
from phonopy.interface.vasp import parse_force_constants
from phonopy.physical_units import get_physical_units
from pymatgen.io.vasp import Vasprun

warnings.simplefilter("ignore")
SPRING, MASSES = 5.0, np.array([2.0, 8.0])
TO_THZ2 = get_physical_units().DefaultToTHz ** 2
CELL, PLACES = 6.0 * np.eye(3), [[0, 0, 0], [0.5, 0.5, 0.5]]
RIGHT = SPRING * np.array([[1, -1], [-1, 1]])


def rows(name, numbers, form="16.8f"):
    lines = "".join(f"<v>{''.join(f'{x:{form}}' for x in row)} </v>\n" for row in np.array(numbers))
    return f'<varray name="{name}" >\n{lines}</varray>\n'


def structure(name):
    crystal = rows("basis", CELL) + '<i name="volume">216.0 </i>\n' + rows("rec_basis", CELL / 36)
    return f"<structure{name}>\n<crystal>\n{crystal}</crystal>\n{rows('positions', PLACES)}</structure>\n"


def vasprun(version, unit, factor):
    """The parts of a vasprun.xml of IBRION = 8 that hold crystal and dynamical matrix."""
    matrix = -factor * np.kron(RIGHT / np.sqrt(np.outer(MASSES, MASSES)), np.eye(3))
    squares, modes = np.linalg.eigh(matrix)
    types = "".join(
        f"<rc><c>   1</c><c>{symbol:2}</c><c>{mass:16.8f}</c><c>  1.0</c><c> PAW_PBE {symbol} </c></rc>\n"
        for symbol, mass in zip(("H", "Be"), MASSES)
    )
    squares = "".join(f"{value:16.8f}" for value in squares)
    return f"""<?xml version="1.0" encoding="ISO-8859-1"?>
<modeling>
<generator>
<i name="program" type="string">vasp </i>
<i name="version" type="string">{version} </i>
</generator>
<incar>
<i type="int" name="IBRION">     8</i>
</incar>
<kpoints>
<generation param="Gamma">
<v type="int" name="divisions">  1  1  1 </v>
<v name="usershift"> 0.0 0.0 0.0 </v>
</generation>
{rows("kpointlist", [[0, 0, 0]])}{rows("weights", [[1]])}</kpoints>
<parameters>
<separator name="electronic" >
<i type="int" name="NELM">    60</i>
</separator>
</parameters>
<atominfo>
<atoms> 2 </atoms>
<types> 2 </types>
<array name="atoms" >
<set>
<rc><c>H </c><c>   1</c></rc>
<rc><c>Be</c><c>   2</c></rc>
</set>
</array>
<array name="atomtypes" >
<set>
{types}</set>
</array>
</atominfo>
{structure(' name="initialpos"')}<calculation>
<scstep>
<energy>
<i name="e_fr_energy"> -1.0 </i>
<i name="e_wo_entrp"> -1.0 </i>
<i name="e_0_energy"> -1.0 </i>
</energy>
</scstep>
{structure("")}{rows("forces", np.zeros((2, 3)))}{rows("stress", np.zeros((3, 3)))}<dynmat>
{unit}{rows("hessian", matrix)}<v name="eigenvalues">{squares} </v>
{rows("eigenvectors", modes.T)}</dynmat>
<energy>
<i name="e_fr_energy"> -1.0 </i>
<i name="e_wo_entrp"> -1.0 </i>
<i name="e_0_energy"> -1.0 </i>
</energy>
</calculation>
{structure(' name="finalpos"')}</modeling>
"""


FILES = {
    "5.4.4": ("", 1.0),
    "6.4.2": ('<i type="string" name="unit">THz^2</i>\n', TO_THZ2),
}
as_seen = True
for version, (unit, factor) in FILES.items():
    with open("vasprun.xml", "w") as file:
        file.write(vasprun(version, unit, factor))
    own, _ = parse_force_constants("vasprun.xml")
    found = Vasprun("vasprun.xml", parse_potcar_file=False, parse_dos=False, parse_eigen=False)
    read = found.force_constants
    print(f"VASP {version}, Φxx of atoms 1 1 and 1 2 (right: {RIGHT[0, 0]}, {RIGHT[0, 1]} eV/Å²):")
    print(f"    phonopy: {own[0, 0, 0, 0]:.2f}, {own[0, 1, 0, 0]:.2f}", end="; ")
    print(f"pymatgen: {read[0, 0, 0, 0]:.2f}, {read[0, 1, 0, 0]:.2f}")
    wrong = -factor * RIGHT / np.sqrt(np.outer(MASSES, MASSES))
    as_seen = as_seen and np.allclose(own[:, :, 0, 0], RIGHT, atol=1e-4)
    as_seen = as_seen and np.allclose(read[:, :, 0, 0], wrong, rtol=1e-4)
sys.exit(0 if as_seen else "pymatgen has changed: these are force constants now")
PYTHON
venv/bin/python probe.py
