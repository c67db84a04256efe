#!/usr/bin/env bash
# Euphonic takes the eigenvectors in phonopy's qpoints.hdf5 and mesh.hdf5 by rows, where phonopy keeps them
# as columns. Guess before trying: either file of one run gives the same modes, as its documentation offers
# both and a mixed-up matrix would not pass for one.
# Seen with phonopy 4.10.0, Euphonic 2.1.1: qpoints.yaml gives the structure factors that Euphonic itself
# finds from the force constants; qpoints.hdf5, written beside it, gives others, without a word, for the
# transpose of a unitary matrix is one as well. Frequencies agree. band.hdf5 is read right.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet phonopy==4.10.0 euphonic==2.1.1
cd "$folder"

cat > probe.py <<'PYTHON'
import contextlib
import io
import sys
import warnings

import numpy as np
import phonopy
from euphonic import ForceConstants, QpointPhononModes, ureg
from phonopy.structure.atoms import PhonopyAtoms

warnings.simplefilter("ignore")
LENGTHS = {"Cs": 5.42 * ureg.fm, "Cl": 9.577 * ureg.fm}
cell = PhonopyAtoms(
    symbols=["Cs", "Cl"], cell=4.12 * np.eye(3), scaled_positions=[[0, 0, 0], [0.5, 0.5, 0.5]]
)
crystal = phonopy.Phonopy(cell, np.diag([2, 2, 2]), primitive_matrix="P")
sites, edges = crystal.supercell.scaled_positions, crystal.supercell.cell
matrix = np.zeros((16, 16, 3, 3))
for i, j in np.ndindex(16, 16):
    apart = sites[j] - sites[i]
    apart = (apart - np.round(apart)) @ edges
    length = np.linalg.norm(apart)
    if 0 < length < 3.6:
        # a spring (eV/Å²) along the bond of unlike atoms and a weak one across
        matrix[i, j] = -(1.9 * np.outer(apart, apart) / length**2 + 0.1 * np.eye(3))
for i in range(16):
    matrix[i, i] = -matrix[i].sum(axis=0)
crystal.force_constants = matrix
crystal.save("phonopy.yaml", settings={"force_constants": True})
Q = [[1.2, 2.25, 0.6667]]
crystal.run_qpoints(Q, with_eigenvectors=True)
crystal.qpoints.write_yaml()
crystal.qpoints.write_hdf5()


def intensities(modes):
    """One-phonon structure factors (fm²) of the six modes."""
    found = modes.calculate_structure_factor(scattering_lengths=LENGTHS).structure_factors
    return found.to("fm**2").magnitude[0]


with contextlib.redirect_stdout(io.StringIO()):
    constants = ForceConstants.from_phonopy()
    right = intensities(constants.calculate_qpoint_phonon_modes(np.array(Q)))
    of_yaml, of_hdf5 = (
        intensities(QpointPhononModes.from_phonopy(phonon_name=f"qpoints.{kind}"))
        for kind in ("yaml", "hdf5")
    )
np.set_printoptions(precision=2, suppress=True)
print(f"structure factors (fm²) of six modes, from phonopy {phonopy.__version__} by Euphonic:")
print(f"    force constants: {right}")
print(f"    qpoints.yaml:    {of_yaml}")
print(f"    qpoints.hdf5:    {of_hdf5}")
agree = np.allclose(of_yaml, right, rtol=1e-3)
apart = np.abs(of_hdf5 - right).max() > 0.1 * right.max()
sys.exit(0 if agree and apart else "one of the two has changed: both files give the same modes now")
PYTHON
venv/bin/python probe.py
