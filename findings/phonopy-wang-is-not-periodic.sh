#!/usr/bin/env bash
# With phonopy's non-analytical term "wang", frequencies are not periodic in reciprocal space: q and q + G differ.
# Expected: they agree, as they do without the term and with the default method "gonze".
# Seen with phonopy 4.10.0: in CsCl, whose modes at (0.25, 0.1, 0) have a highest one of 7.13 THz, it is 7.23 at
# (1.25, 0.1, 0) and 7.31 at (0.25, -0.9, 0), by "gonze" 7.12 at all three; the longitudinal mode at Γ is split
# off at (1, 0, 0) without a direction being named, and not at (0, 0, 0). No warning. So a path through another
# zone, or a mesh whose points are folded otherwise, gives another crystal; the term takes q as it is given.
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
from phonopy.structure.atoms import PhonopyAtoms

warnings.simplefilter("ignore")
SAME = [[0.25, 0.1, 0.0], [1.25, 0.1, 0.0], [0.25, -0.9, 0.0]]
GAMMA = [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0]]


def highest(method, points):
    """Highest frequency (THz) at each point of CsCl, with springs between unlike neighbours."""
    cell = PhonopyAtoms(
        ["Cs", "Cl"], cell=4.12 * np.eye(3), scaled_positions=[[0, 0, 0], [0.5, 0.5, 0.5]]
    )
    crystal = phonopy.Phonopy(cell, np.diag([2, 2, 2]), primitive_matrix="P")
    sites, edges = crystal.supercell.scaled_positions, crystal.supercell.cell
    matrix = np.zeros((16, 16, 3, 3))
    for i, j in np.ndindex(16, 16):
        apart = sites[j] - sites[i]
        apart = (apart - np.round(apart)) @ edges
        length = np.linalg.norm(apart)
        if 0 < length < 3.6:
            # a spring (eV/Å²) along the bond and a weak one across
            matrix[i, j] = -(1.9 * np.outer(apart, apart) / length**2 + 0.1 * np.eye(3))
    for i in range(16):
        matrix[i, i] = -matrix[i].sum(axis=0)
    crystal.force_constants = matrix
    if method:
        crystal.nac_params = {
            "born": np.array([1.1 * np.eye(3), -1.1 * np.eye(3)]),
            "dielectric": 2.7 * np.eye(3),
            "factor": 14.39965,
            "method": method,
        }
    crystal.run_qpoints(points)
    return crystal.get_qpoints_dict()["frequencies"].max(axis=1)


found = {name: (highest(name, SAME), highest(name, GAMMA)) for name in (None, "gonze", "wang")}
print(f"phonopy {phonopy.__version__}, highest mode (THz) at {SAME}, and at {GAMMA}:")
for name, (same, gamma) in found.items():
    print(f"    {name or 'no term'}: {np.round(same, 2)}, {np.round(gamma, 2)}")
periodic = all(np.ptp(one) < 0.01 for name in (None, "gonze") for one in found[name])
as_seen = periodic and all(np.ptp(one) > 0.1 for one in found["wang"])
sys.exit(0 if as_seen else "phonopy has changed: both methods are periodic now, or neither")
PYTHON
venv/bin/python probe.py
