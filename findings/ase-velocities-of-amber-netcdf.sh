#!/usr/bin/env bash
# ASE takes the velocities of an AMBER NetCDF trajectory, Å/ps by that convention and by the file's own attribute
# "units", for its own Å √(eV/u): they come back 98.2 times too fast. And where ASE writes such a file itself, it
# puts the unit of the velocities, "Angstrom/Femtosecond", which they do not have either, on the positions.
# Expected: units are read, or at least those of the convention assumed, as the module's name says.
# Seen with ASE 3.29.0, MDAnalysis 2.11.0: argon at 300 K, written by MDAnalysis, has 300 K there and 2.9 million
# in ASE, factor 9649; positions agree. Of ASE's own file, velocities have no unit at all. No warning.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet ase==3.29.0 MDAnalysis==2.11.0 netCDF4==1.7.5.1.post1
cd "$folder"

cat > probe.py <<'PYTHON'
import sys
import warnings

import ase
import MDAnalysis
import netCDF4
import numpy as np
from ase.build import bulk
from ase.io.netcdftrajectory import NetCDFTrajectory
from scipy.constants import atomic_mass, k

warnings.simplefilter("ignore")
crystal = bulk("Ar", "fcc", a=5.3, cubic=True) * (3, 3, 3)
masses = crystal.get_masses()[:, None]


def kelvin(velocities):
    """The temperature of velocities in Å/ps."""
    return float(np.sum(masses * velocities**2) * atomic_mass * 1e4 / (3 * len(masses) * k))


velocities = np.random.default_rng(1).normal(size=(len(crystal), 3)) / np.sqrt(masses)
velocities *= np.sqrt(300.0 / kelvin(velocities))
universe = MDAnalysis.Universe.empty(len(crystal), trajectory=True, velocities=True)
universe.atoms.positions = crystal.positions
universe.atoms.velocities = velocities
universe.dimensions = crystal.cell.cellpar()
with MDAnalysis.Writer("run.nc", len(crystal), velocities=True, format="NCDF") as file:
    file.write(universe.atoms)

with netCDF4.Dataset("run.nc") as file:
    print(f"velocities of run.nc: in {file['velocities'].units}")
again = MDAnalysis.Universe("run.nc", format="NCDF").atoms
atoms = NetCDFTrajectory("run.nc")[0]
ratio = float(np.mean(atoms.get_velocities() / (velocities / (1e3 * ase.units.fs))))
print(f"MDAnalysis {MDAnalysis.__version__}: {kelvin(again.velocities):.1f} K")
same = np.allclose(atoms.positions, crystal.positions, atol=1e-5)
print(f"ASE {ase.__version__}: positions equal: {same};", end=" ")
print(f"velocities times {ratio:.3f}, temperature times {ratio**2:.0f}")

atoms = bulk("Ar", "fcc", a=5.3, cubic=True)
atoms.set_velocities(np.full((len(atoms), 3), 0.01))
with NetCDFTrajectory("own.nc", "w") as file:
    file.write(atoms)
with netCDF4.Dataset("own.nc") as file:
    units = {name: getattr(file[name], "units", None) for name in ("coordinates", "velocities")}
print(f"units in a file of ASE: {units}")
as_seen = np.isclose(ratio, 98.227, rtol=1e-4) and units["coordinates"] == "Angstrom/Femtosecond"
sys.exit(0 if as_seen else "ASE has changed: it reads or writes the unit of AMBER's velocities otherwise now")
PYTHON
venv/bin/python probe.py
