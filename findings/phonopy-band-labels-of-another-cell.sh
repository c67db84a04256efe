#!/usr/bin/env bash
# phonopy takes the points of SeeK-path, which are those of a standardized cell, for points of the primitive cell it
# has: in a tetragonal crystal whose long axis comes first, "Z" is a point on a short axis.
# Guess before trying: the points are turned into the basis at hand, as SeeK-path's get_path_orig_cell does it, or
# such a cell is refused; nothing in the docstrings of auto_band_structure asks for a standard one.
# Seen with phonopy 4.10.0, seekpath 2.2.2, primitive_matrix "P" (the default before phonopy 4): one crystal has its
# highest mode at Z at 3.50 THz where the long axis is c and at 7.00 THz where it is a, and M and R change places.
# The plot looks sound, and no warning comes. With "auto", since phonopy 4 the default, the axes are put in order
# first and all points agree; a primitive cell named by its matrix is taken as it is.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet phonopy==4.10.0 seekpath==2.2.2
cd "$folder"

cat > probe.py <<'PYTHON'
import sys
import warnings
from importlib.metadata import version

import numpy as np
import phonopy
import seekpath
from phonopy.structure.atoms import PhonopyAtoms

warnings.simplefilter("ignore")
LENGTHS, SPRINGS, CELLS = np.array([4.0, 4.0, 5.0]), np.array([2.0, 2.0, 0.5]), 4  # Å, eV/Å², cells an edge


def crystal(order, primitive):
    """One atom on springs along the three edges, the last of which is long and soft, edges in this order."""
    lengths, springs = LENGTHS[order], SPRINGS[order]
    atom = PhonopyAtoms(symbols=["Ar"], cell=np.diag(lengths), scaled_positions=[[0, 0, 0]])
    made = phonopy.Phonopy(atom, CELLS * np.eye(3, dtype=int), primitive_matrix=primitive)
    sites = np.rint(made.supercell.scaled_positions * CELLS).astype(int)
    matrix = np.zeros((len(sites), len(sites), 3, 3))
    for i, j in np.ndindex(matrix.shape[:2]):
        apart = (sites[j] - sites[i]) % CELLS
        if np.count_nonzero(apart) == 1 and apart.max() in (1, CELLS - 1):
            along = int(np.argmax(apart))
            matrix[i, j] = -springs[along] * (0.1 * np.eye(3) + 0.9 * np.diag(np.eye(3)[along]))
    for i in range(len(sites)):
        matrix[i, i] = -matrix[i].sum(axis=0)
    made.force_constants = matrix
    return made


def highest(made):
    """The highest frequency (THz) at each labelled end of the bands that phonopy draws."""
    made.auto_band_structure(npoints=3)
    bands, found, label = made.band_structure, {}, 0
    for frequencies, joined in zip(bands.frequencies, bands.path_connections):
        for name, row in ((bands.labels[label], frequencies[0]), (bands.labels[label + 1], frequencies[-1])):
            found[name.strip("$").replace("\\mathrm", "").strip("{}\\")] = float(np.max(row))
        label += 1 if joined else 2
    return found


print(f"phonopy {version('phonopy')}, seekpath {version('seekpath')}; highest mode in THz")
points = {}
for name, order, primitive in (
    ("long axis c", [0, 1, 2], "P"),
    ("long axis a", [2, 0, 1], "P"),
    ("long axis a, auto", [2, 0, 1], "auto"),
):
    made = crystal(order, primitive)
    points[name] = highest(made)
    print(f"    {name:17}:", ", ".join(f"{key} {value:.2f}" for key, value in points[name].items()))
    if name == "long axis a":
        own = seekpath.get_path_orig_cell(made.primitive.totuple())["point_coords"]["Z"]
        made.run_qpoints([own])
        at_own = float(np.max(made.qpoints.frequencies))
        print(f"    {'':17}  Z of get_path_orig_cell, {np.abs(own)}: {at_own:.2f}")
right, wrong, auto = points.values()
as_seen = np.isclose(right["Z"], at_own) and np.isclose(wrong["Z"], right["X"]) and np.isclose(auto["Z"], right["Z"])
sys.exit(0 if as_seen else "phonopy has changed: labels belong to the cell at hand now")
PYTHON
venv/bin/python probe.py
