#!/usr/bin/env bash
# phonopy's dynamic structure factor takes Q in the calculator's unit of length and the mean square
# displacements of its Debye-Waller factor in Å². Guess before trying: one crystal scatters alike whether
# its cell stands in Å or in bohr, as its frequencies and displacements are the same.
# Seen with phonopy 4.10.0: for CsCl at 300 K in the units of vasp and of qe, intensities of one mode at two
# points Q have the ratios 207 and 429; the absolute ones differ too. The documentation gives the unit
# m²/J for lengths in Å, and no word of the calculator.
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
from phonopy.physical_units import get_physical_units
from phonopy.structure.atoms import PhonopyAtoms

warnings.simplefilter("ignore")
BOHR, RYDBERG = get_physical_units().Bohr, get_physical_units().Rydberg
EDGE = 4.12  # Å


def caesium_chloride(calculator):
    """The same crystal of springs, in Å and eV/Å² (vasp) or in bohr and Ry/bohr² (qe)."""
    unit = BOHR if calculator == "qe" else 1.0
    cell = PhonopyAtoms(
        symbols=["Cs", "Cl"],
        cell=EDGE / unit * np.eye(3),
        scaled_positions=[[0, 0, 0], [0.5, 0.5, 0.5]],
    )
    crystal = phonopy.Phonopy(cell, np.diag([2, 2, 2]), primitive_matrix="P", calculator=calculator)
    sites = crystal.supercell.scaled_positions
    matrix = np.zeros((16, 16, 3, 3))
    for i, j in np.ndindex(16, 16):
        apart = 2 * EDGE * (sites[j] - sites[i] - np.round(sites[j] - sites[i]))
        length = np.linalg.norm(apart)
        if 0 < length < 3.6:
            # a spring (eV/Å²) along the bond of unlike atoms and a weak one across
            matrix[i, j] = -(1.9 * np.outer(apart, apart) / length**2 + 0.1 * np.eye(3))
    for i in range(16):
        matrix[i, i] = -matrix[i].sum(axis=0)
    crystal.force_constants = matrix * (BOHR**2 / RYDBERG if calculator == "qe" else 1.0)
    crystal.run_mesh([4, 4, 4], with_eigenvectors=True, is_mesh_symmetry=False)
    return crystal


def ratio(crystal):
    """Of one mode's intensities at Q = (4.25, 4.1, 4) and (0.25, 0.1, 0): a number without unit."""
    q_points = [[0.25, 0.1, 0.0], [4.25, 4.1, 4.0]]
    lengths = {"Cs": 5.42e-5, "Cl": 9.577e-5}  # Å
    crystal.run_dynamic_structure_factor(q_points, 300.0, scattering_lengths=lengths, freq_min=1e-3)
    found = crystal.dynamic_structure_factor.dynamic_structure_factors
    return found[1, 2] / found[0, 2]


crystals = {name: caesium_chloride(name) for name in ("vasp", "qe")}
highest = {name: float(np.max(crystal.mesh.frequencies)) for name, crystal in crystals.items()}
found = {name: ratio(crystal) for name, crystal in crystals.items()}
print(f"phonopy {phonopy.__version__}, one crystal in the units of two calculators:")
for name in crystals:
    print(f"    {name}: highest mode {highest[name]:.3f} THz, ratio of intensities {found[name]:.0f}")
same = np.isclose(highest["vasp"], highest["qe"], rtol=1e-3)
as_seen = same and found["qe"] > 1.5 * found["vasp"]
sys.exit(0 if as_seen else "phonopy has changed: the ratio no longer depends on the unit of length")
PYTHON
venv/bin/python probe.py
