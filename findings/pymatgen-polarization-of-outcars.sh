#!/usr/bin/env bash
# pymatgen's Polarization.from_outcars_and_structures adds the ionic dipole of an OUTCAR, which is Cartesian,
# to electronic ones along the lattice vectors, as it leaves p_ions_in_cartesian at False. Guess before
# trying: what is made from OUTCARs alone is read as VASP writes it, as its module says VASP does.
# Seen with pymatgen 2026.10.24: with dipoles of -1.0 (electrons) and 1.6 e Å (ions) along the axis of a
# rhombohedral cell, the polarization is 34.5 µC/cm² for 21.2; a cube that stands on its corner is wrong as
# well. No warning; edges along x, y and z hide it. The documentation advises calc_ionic_from_zval=True for
# smoother branches, and does not say that the default mixes two frames.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pymatgen-core==2026.10.16
"$folder/venv/bin/pip" install --quiet --no-deps pymatgen==2026.10.24
cd "$folder"

cat > probe.py <<'PYTHON'
import sys
from types import SimpleNamespace

import numpy as np
from pymatgen.analysis.ferroelectricity.polarization import Polarization
from pymatgen.core import Lattice, Structure

MICRO_C_PER_CM2 = 1602.176634  # one e/Å²
AXIS = np.array([0.0, 0.0, 1.0])
ELECTRONS, IONS = -1.0 * AXIS, 1.6 * AXIS  # e Å, along z


def lattice(angle):
    """Three edges of 4 Å with one angle between them, their common axis along z."""
    across = 4.0 * np.sqrt(2 / 3 * (1 - np.cos(np.radians(angle))))
    up = np.sqrt(16.0 - across**2)
    turns = np.radians([0.0, 120.0, 240.0])
    return Lattice(np.array([[across * np.cos(t), across * np.sin(t), up] for t in turns]))


def run(share):
    """What is read here of an OUTCAR: its two dipoles, Cartesian as VASP writes them."""
    return SimpleNamespace(p_elec=share * ELECTRONS, p_ion=share * IONS)


as_seen = True
for name, angle in (("cube, its diagonal along z", 90.0), ("rhombohedron, its axis along z", 60.0)):
    structures = [Structure(lattice(angle), ["Ge", "Te"], [[0, 0, 0], [0.5, 0.5, 0.5]])] * 2
    runs = [run(0.0), run(1.0)]
    right = (ELECTRONS + IONS) @ AXIS / structures[-1].volume * MICRO_C_PER_CM2
    made = Polarization.from_outcars_and_structures(runs, structures)
    told = Polarization(
        [one.p_elec for one in runs],
        [one.p_ion for one in runs],
        structures,
        p_ions_in_cartesian=True,
    )
    of_outcars, of_dipoles = (float(one.get_polarization_change_norm()) for one in (made, told))
    print(f"{name}: {right:.1f} µC/cm² from the sum of the dipoles")
    print(f"    from_outcars_and_structures: {of_outcars:.1f}")
    print(f"    the same dipoles with p_ions_in_cartesian=True: {of_dipoles:.1f}")
    as_seen &= np.isclose(of_dipoles, right) and abs(of_outcars / right - 1) > 0.1
sys.exit(0 if as_seen else "pymatgen has changed: ions and electrons are in one frame now")
PYTHON
venv/bin/python probe.py
