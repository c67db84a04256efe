#!/usr/bin/env bash
# Euphonic sums the wave vector over the second index of the Born charges in a phonopy.yaml, phonopy over the
# first, the field's. Expected: a file that phonopy wrote gives phonopy's frequencies, as Euphonic's reader is
# made for it and its documentation names no index of its own.
# Seen with phonopy 4.10.0, Euphonic 2.1.1: in a crystal of low symmetry, whose charges are no symmetric
# tensors, the highest branch next to Γ is at 6.03 THz in phonopy, as with the textbook's term added by hand,
# and at 5.70 THz in Euphonic; with the charges transposed each gives the other's. No warning. Cubic and many
# other crystals have symmetric charges and hide it.
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
from euphonic import ForceConstants
from phonopy.physical_units import get_physical_units
from phonopy.structure.atoms import PhonopyAtoms

warnings.simplefilter("ignore")
THZ_PER_WAVENUMBER, COULOMB = 0.0299792458, 14.39964548  # e²/(4πε0) in eV Å
TO_THZ = get_physical_units().DefaultToTHz
CELL = PhonopyAtoms(
    ["Cs", "Cl"],
    cell=[[4.1, 0.2, 0.1], [0.3, 4.5, 0.2], [-0.2, 0.4, 4.3]],
    scaled_positions=[[0, 0, 0], [0.52, 0.47, 0.55]],
)
CHARGE = np.array([[1.4, 0.9, -0.2], [-0.4, 1.1, 0.6], [0.7, -0.3, 0.8]])
CHARGES = np.array([CHARGE, -CHARGE])
DIELECTRIC = np.array([[2.7, 0.1, 0.2], [0.1, 3.1, 0.0], [0.2, 0.0, 2.5]])
Q = np.array([[0.002, 0.001, 0.004]])


def crystal_with(charges):
    """A triclinic crystal of springs to the images within 4.6 Å, with Born charges."""
    crystal = phonopy.Phonopy(CELL, np.diag([2, 2, 2]), primitive_matrix="P")
    sites, edges = crystal.supercell.scaled_positions, crystal.supercell.cell
    matrix = np.zeros((16, 16, 3, 3))
    for i, j in np.ndindex(16, 16):
        for image in np.ndindex(3, 3, 3):
            apart = (sites[j] - sites[i] + np.array(image) - 1) @ edges
            length = np.linalg.norm(apart)
            if 0 < length < 4.6:
                spring = 1.0 * np.outer(apart, apart) / length**2 + 0.1 * np.eye(3)
                matrix[i, j] -= np.exp(3.4 - length) * spring
    for i in range(16):
        matrix[i, i] = -matrix[i].sum(axis=0)
    crystal.force_constants = matrix
    crystal.nac_params = {"born": charges, "dielectric": DIELECTRIC, "factor": COULOMB}
    return crystal


def by_hand(charges):
    """Optical branches at Γ, with the term of the direction Q in which q is the field's index."""
    crystal = crystal_with(charges)
    crystal.nac_params = None
    crystal.dynamical_matrix.run([0, 0, 0])
    along = np.linalg.solve(np.array(CELL.cell), Q[0])
    charge = np.einsum("i,aij->aj", along, charges) / np.sqrt(CELL.masses)[:, None]
    term = np.outer(charge, charge) / (along @ DIELECTRIC @ along)
    term *= 4 * np.pi * COULOMB / CELL.volume
    squares = np.linalg.eigvalsh(crystal.dynamical_matrix.dynamical_matrix.real + term)
    return TO_THZ * np.sqrt(squares[3:])


def by_both(charges):
    """Optical branches next to Γ in phonopy, and in Euphonic from the file that phonopy saves."""
    crystal = crystal_with(charges)
    crystal.run_qpoints(Q)
    crystal.save("phonopy.yaml", settings={"force_constants": True})
    with contextlib.redirect_stdout(io.StringIO()):
        modes = ForceConstants.from_phonopy().calculate_qpoint_phonon_modes(Q)
    frequencies = modes.frequencies.to("1/cm").magnitude * THZ_PER_WAVENUMBER
    return crystal.get_qpoints_dict()["frequencies"][0, 3:], frequencies[0, 3:]


found = {}
print("optical branches next to Γ (THz):")
for name, charges in (("as given", CHARGES), ("transposed", CHARGES.transpose(0, 2, 1))):
    found[name] = (by_hand(charges), *by_both(charges))
    for program, frequencies in zip(("by hand", "phonopy", "Euphonic"), found[name]):
        print(f"    charges {name}, {program}: {np.round(frequencies, 2)}")
(right, own, read), (other, own_other, read_other) = found.values()
close = {"atol": 0.02}
as_seen = (
    np.allclose(own, right, **close)
    and np.allclose(own_other, other, **close)
    and np.allclose(read, other, **close)
    and np.allclose(read_other, right, **close)
    and np.abs(right - other).max() > 0.2
)
sys.exit(0 if as_seen else "one of them has changed: both take the same index for the field now")
PYTHON
venv/bin/python probe.py
