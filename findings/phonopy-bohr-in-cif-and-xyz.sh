#!/usr/bin/env bash
# What phonopy writes for other programs keeps the calculator's unit of length: of a crystal in bohr (qe,
# abinit, elk, ...) the CIF of thermal displacements has its cell in bohr and U in Å², and the XYZ animation
# is in bohr, with a frequency by the factor of VASP. Guess before trying: both files are in Å, the unit
# that stands fast in these formats, as the displacements beside it are.
# Seen with phonopy 4.10.0: one CsCl in the units of vasp and of qe has the edge 4.120 and 7.786 in the CIF
# with the same U11, and a mode of 3.277 and 0.470 in the XYZ. The documentation gives the unit of U alone.
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


def written(crystal):
    """Edge and U11 of the CIF; distance of the two atoms and frequency of the XYZ animation."""
    crystal.run_thermal_displacement_matrices(t_min=300, t_max=300, t_step=1, freq_min=1e-3)
    crystal.write_thermal_displacement_matrix_to_cif(0)
    crystal.write_animation([0, 0, 0], anime_type="xyz", band_index=4, amplitude=0.0, num_div=1)
    with open("tdispmat.cif") as file:
        lines = file.read().splitlines()
    edge = next(float(line.split()[1]) for line in lines if line.startswith("_cell_length_a"))
    square = float(lines[lines.index("_atom_site_aniso_U_12") + 1].split()[1])
    with open("anime.xyz") as file:
        _, title, first, second = file.read().splitlines()[:4]
    apart = np.array(second.split()[1:4], float) - np.array(first.split()[1:4], float)
    frequency = float(title.split(", f ")[1].split()[0])
    return edge, square, np.linalg.norm(apart), frequency


found = {name: np.array(written(caesium_chloride(name))) for name in ("vasp", "qe")}
print(f"phonopy {phonopy.__version__}, one crystal in the units of two calculators:")
for name, (edge, square, apart, frequency) in found.items():
    print(f"    {name}: CIF with edge {edge:.3f} and U11 {square:.5f},")
    print(f"        XYZ with a distance of {apart:.3f} and a mode of {frequency:.3f} (THz)")
ratios = found["qe"] / found["vasp"]
as_seen = np.allclose(ratios, [1 / BOHR, 1, 1 / BOHR, BOHR / RYDBERG**0.5], rtol=1e-3)
sys.exit(0 if as_seen else f"phonopy has changed: ratios of what it writes {ratios}")
PYTHON
venv/bin/python probe.py
