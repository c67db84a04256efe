#!/usr/bin/env bash
# phonopy.load(yaml, force_constants_filename=...) ignores the named file, without a word, when the YAML
# file holds force constants itself. Guess before trying: the named file wins, or the two are refused.
# Seen with phonopy 4.10.0: the frequency is that of the YAML file, where force constants four times as
# large stand in the file named beside it. So a reader who names a file may get another crystal.
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
from phonopy.file_IO import write_FORCE_CONSTANTS
from phonopy.structure.atoms import PhonopyAtoms

warnings.simplefilter("ignore")
cell = PhonopyAtoms(symbols=["Cu"], cell=2.5 * np.eye(3), scaled_positions=[[0, 0, 0]])
crystal = phonopy.Phonopy(cell, supercell_matrix=np.diag([2, 2, 2]))


def springs(constant):
    """Force constants of springs between nearest neighbours."""
    sites = crystal.supercell.scaled_positions
    matrix = np.zeros((8, 8, 3, 3))
    for i, j in np.ndindex(8, 8):
        apart = sites[j] - sites[i]
        if np.isclose(np.abs(apart - np.round(apart)).sum(), 0.5):
            matrix[i, j] = -constant * np.eye(3)
    for i in range(8):
        matrix[i, i] = -matrix[i].sum(axis=0)
    return matrix


crystal.force_constants = springs(1.0)
crystal.save("held.yaml", settings={"force_constants": True})
write_FORCE_CONSTANTS(springs(4.0), filename="named")


def frequency(**named):
    found = phonopy.load("held.yaml", log_level=0, **named)
    found.run_qpoints([[0.5, 0, 0]])
    return float(np.max(found.get_qpoints_dict()["frequencies"]))


held, named = frequency(), frequency(force_constants_filename="named")
print(f"phonopy {phonopy.__version__}: {held:.4f} THz from the YAML file, {named:.4f} THz with a file")
print("of force constants four times as large named beside it (twice the first would be right)")
sys.exit(0 if np.isclose(named, held) else "phonopy has changed: the named file counts now")
PYTHON
venv/bin/python probe.py
