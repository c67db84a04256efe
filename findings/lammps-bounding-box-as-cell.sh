#!/usr/bin/env bash
# dynasor's own reader of LAMMPS dumps (`lammps_internal`) and chemfiles take the bounding box of a tilted cell,
# which is what a dump holds, for its edges: a hexagonal cell gets half as long again in x.
# Expected: both take the tilts off the bounds, as the LAMMPS manual says how, and ASE and MDAnalysis do.
# Seen with dynasor 2.5, chemfiles 0.10.4: hcp cells of 15 Å come back with an edge of 22.5 Å, while ASE 3.29.0 and
# MDAnalysis 2.11.0 have 15. dynasor then picks its wavevectors by the wrong cell: a crystal with Bragg peaks at
# 2.42, 2.51 and 2.73/Å up to there has eleven in S(q), from 0.32/Å on, and no warning says so.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet dynasor==2.5 chemfiles==0.10.4 ase==3.29.0 MDAnalysis==2.11.0
cd "$folder"

cat > probe.py <<'PYTHON'
import logging
import sys
import warnings
from importlib.metadata import version

import ase.io
import chemfiles
import MDAnalysis
import numpy as np
from ase.build import bulk
from dynasor import Trajectory, compute_static_structure_factors
from dynasor.qpoints import get_spherical_qpoints

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
crystal = bulk("Zn", "hcp", a=3.0, c=5.0) * (5, 5, 2)
(lx, _, _), (xy, ly, _), (_, _, lz) = crystal.cell[:]
with open("hcp.lammpstrj", "w") as file:
    for step in range(3):
        file.write(f"ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n{len(crystal)}\n")
        file.write("ITEM: BOX BOUNDS xy xz yz pp pp pp\n")
        # xlo_bound = xlo + min(0, xy, xz, xy + xz), xhi_bound = xhi + max(...), "Howto triclinic" of LAMMPS
        file.write(f"{min(0, xy):.8f} {lx + max(0, xy):.8f} {xy:.8f}\n0 {ly:.8f} 0\n0 {lz:.8f} 0\n")
        file.write("ITEM: ATOMS id type x y z\n")
        for number, place in enumerate(crystal.positions, 1):
            file.write(f"{number} 1 {place[0]:.8f} {place[1]:.8f} {place[2]:.8f}\n")

dumps = {name: Trajectory("hcp.lammpstrj", name) for name in ("lammps_internal", "lammps_mdanalysis")}
edges = {
    f"ASE {version('ase')}": ase.io.read("hcp.lammpstrj", format="lammps-dump-text").cell[0, 0],
    f"MDAnalysis {version('MDAnalysis')}": MDAnalysis.Universe("hcp.lammpstrj", format="LAMMPSDUMP").dimensions[0],
    f"dynasor {version('dynasor')}": dumps["lammps_internal"].cell[0, 0],
    f"chemfiles {version('chemfiles')}": chemfiles.Trajectory("hcp.lammpstrj").read().cell.lengths[0],
}
print(f"edge a of {lx:g} Å:", ", ".join(f"{name} {edge:.1f}" for name, edge in edges.items()))
peaks = {}
for name, trajectory in dumps.items():
    q = get_spherical_qpoints(trajectory.cell, q_max=2.75)
    strength = compute_static_structure_factors(trajectory, q).Sq[:, 0]
    lengths, high = np.linalg.norm(q, axis=1), strength > 10
    peaks[name] = sorted({round(float(length), 2) for length in lengths[high] if length > 0})
    print(f"{name}: S(q) above 10 at {peaks[name]} /Å, {high.sum() - 1} q-points")
wrong = [np.isclose(edge, 1.5 * lx, rtol=1e-4) for edge in edges.values()]
as_seen = wrong == [False, False, True, True] and peaks["lammps_internal"] != peaks["lammps_mdanalysis"]
sys.exit(0 if as_seen else "dynasor or chemfiles have changed: the cell of a tilted dump is another one now")
PYTHON
venv/bin/python probe.py
