#!/usr/bin/env bash
# The trajectories that ASE's Phonons.write_modes makes are no modes at a wave vector whose eigenvectors are
# complex: eigenvectors found with exp(-i q R) are laid out with exp(i q R). Expected: forces on the atoms of a
# picture are -M ω² u with the ω that is written beside it.
# Seen with ASE 3.29.0: of a chain of H and F with equal springs, at an eighth of the zone, the forces on the
# "acoustic" pattern are off by 98 % of the largest and the pattern's stiffness belongs to 28.6 meV, where the
# frequencies (right in themselves) say 13.6; with the eigenvectors' complex conjugate it is exact. So an
# angular momentum Im(e* × e) made of what band_structure returns has the other sign. No warning. At Γ, at the
# zone's boundary, and with one atom in the cell the patterns are right.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet ase==3.29.0
cd "$folder"

cat > probe.py <<'PYTHON'
import sys

import ase
import numpy as np
from ase import Atoms, units
from ase.calculators.calculator import Calculator, all_changes
from ase.io import read
from ase.phonons import Phonons

SPRING = 3.0  # eV/Å²
Q, CELLS = np.array([0, 0, 1 / 8]), 8
CELL = Atoms("HF", cell=[3, 3, 4], scaled_positions=[[0, 0, 0], [0, 0, 0.5]], pbc=True)
# ħ times the root of eV/(Å² amu), in meV
MEV = 1e3 * units._hbar * np.sqrt(units._e / units._amu) * 1e10 / units._e


class Chain(Calculator):
    """Equal springs, in all directions, between neighbours along z."""

    implemented_properties = ["energy", "forces"]

    def calculate(self, atoms=None, properties=("forces",), system_changes=all_changes):
        super().calculate(atoms, properties, system_changes)
        u = atoms.positions - (CELL * (1, 1, len(atoms) // 2)).positions
        forces = SPRING * (np.roll(u, -1, axis=0) + np.roll(u, 1, axis=0) - 2 * u)
        self.results = {"energy": -0.5 * float(np.sum(forces * u)), "forces": forces}


chain = CELL * (1, 1, CELLS)
masses = chain.get_masses()[:, None]


def judged(displacements):
    """Frequency (meV) of the pattern's stiffness, and the largest force that it does not explain."""
    moved = chain.copy()
    moved.positions += displacements
    moved.calc = Chain()
    forces = moved.get_forces()
    square = -np.sum(forces * displacements) / np.sum(masses * displacements**2)
    off = np.abs(forces + square * masses * displacements).max() / np.abs(forces).max()
    return MEV * np.sqrt(square), off


phonons = Phonons(CELL, Chain(), supercell=(1, 1, 7), delta=0.01)
phonons.run()
phonons.read(acoustic=True)
energies, modes = phonons.band_structure([Q], modes=True)
a, b = 1 / CELL.get_masses()
swing = np.array([-1, 1]) * np.sqrt((a + b) ** 2 - 4 * a * b * np.sin(np.pi * Q[2]) ** 2)
textbook = MEV * np.sqrt(SPRING * (a + b + swing))
print(f"ASE {ase.__version__}; chain of H and F, textbook: {np.round(textbook, 1)} meV")
as_seen = np.allclose(np.sort(1e3 * energies[0])[[0, -1]], textbook, rtol=1e-6)
phonons.write_modes(Q, branches=[0, 5], repeat=(1, 1, CELLS), nimages=8)
phase = np.exp(2j * np.pi * Q[2] * np.arange(CELLS).repeat(2))[:, None]
for branch in (0, 5):
    frames = read(f"phonon.mode.{branch}.traj", index=":")
    written = judged(frames[0].positions - chain.positions)
    conjugate = judged(1e-3 * (phase * np.tile(modes[0, branch].conj(), (CELLS, 1))).real)
    print(f"    branch {branch}, {1e3 * energies[0, branch]:.1f} meV:")
    for name, (energy, off) in (("written", written), ("conjugate", conjugate)):
        print(f"        {name}: stiffness of {energy:.1f} meV, forces off by {100 * off:.0f} %")
    as_seen = as_seen and written[1] > 0.5 and conjugate[1] < 1e-3
sys.exit(0 if as_seen else "ASE has changed: what it writes are modes now")
PYTHON
venv/bin/python probe.py
