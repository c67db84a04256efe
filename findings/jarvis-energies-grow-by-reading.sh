#!/usr/bin/env bash
# JARVIS-Tools gives the energy of a pw.x XML file in hartree, but in eV once `final_energy_breakdown` has been read,
# and each reading of that multiplies all of them by 27.2 once more: it converts the parsed file in place.
# Expected: both attributes are in one unit, and reading one twice gives the same number.
# Seen with jarvis-tools 2026.6.12: of a file with -15.5 Ha `final_energy` is -15.5, then -421.8 after the first look
# at the breakdown and -11477 after the second. No warning; the docstrings name no unit.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet jarvis-tools==2026.6.12 numpy==2.2.6
cd "$folder"

# the part of a data-file-schema.xml that holds the energies, in hartree as the file's own units= says
cat > data-file-schema.xml <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<qes:espresso xmlns:qes="http://www.quantum-espresso.org/ns/qes/qes-1.0" Units="Hartree atomic units">
  <output>
    <total_energy>
      <etot>-1.550000000000000e1</etot>
      <eband>2.500000000000000e-1</eband>
      <ehart>1.250000000000000e0</ehart>
    </total_energy>
  </output>
</qes:espresso>
XML
cat > probe.py <<'PYTHON'
import sys
from importlib.metadata import version

from jarvis.io.qe.outputs import DataFileSchema, hartree_to_ev

HARTREE = -15.5
file = DataFileSchema("data-file-schema.xml")
found = []
print(f"jarvis-tools {version('jarvis-tools')}, a file of {HARTREE} Ha = {HARTREE * hartree_to_ev:.2f} eV:")
for _ in range(3):
    found.append(file.final_energy)
    print(f"    final_energy {file.final_energy:.2f};", end=" ")
    print(f"etot of final_energy_breakdown {file.final_energy_breakdown['etot']:.2f}")
right = [HARTREE * hartree_to_ev**look for look in range(3)]
as_seen = all(abs(own / other - 1) < 1e-9 for own, other in zip(found, right, strict=True))
sys.exit(0 if as_seen else "jarvis-tools has changed: looking at energies leaves them as they are now")
PYTHON
venv/bin/python probe.py
