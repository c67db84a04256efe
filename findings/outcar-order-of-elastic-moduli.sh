#!/usr/bin/env bash
# pymatgen and JARVIS-Tools hand on the elastic moduli of an OUTCAR in VASP's order, XX YY ZZ XY YZ ZX, though their
# tensors want Voigt's, xx yy zz yz xz xy: C66 stands for C44, C44 for C55 and C55 for C66.
# Expected: the order is changed in reading, as pymatgen has from_vasp_voigt for piezoelectric tensors;
# its ElasticTensor has none. Averages over directions and cubic crystals hide it.
# Seen with pymatgen 2026.10.24, jarvis-tools 2026.6.12: of a hexagonal crystal with C44 = 42 and C66 = 45 GPa the
# two transverse waves along the axis have 2739 and 2835 m/s, where symmetry makes them one pair at 2739, and
# JARVIS's Cauchy pressure C12 - C44 is 75 GPa for 78. No warning.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pymatgen-core==2026.10.16 jarvis-tools==2026.6.12
"$folder/venv/bin/pip" install --quiet --no-deps pymatgen==2026.10.24
cd "$folder"

cat > probe.py <<'PYTHON'
import sys
import warnings
from importlib.metadata import version

import numpy as np
from jarvis.analysis.elastic.tensor import ElasticTensor as OfJarvis
from jarvis.io.vasp.outputs import Outcar as JarvisOutcar
from pymatgen.analysis.elasticity import ElasticTensor
from pymatgen.io.vasp import Outcar

warnings.simplefilter("ignore")
C11, C12, C13, C33, C44, DENSITY = 210.0, 120.0, 105.0, 210.0, 42.0, 5600.0  # GPa, kg/m³
right = np.diag([C11, C11, C33, C44, C44, (C11 - C12) / 2])
right[[0, 1], [1, 0]], right[[0, 0, 1, 2, 1, 2], [2, 2, 2, 0, 2, 1]] = C12, C13
VASP = {"XX": 0, "YY": 1, "ZZ": 2, "XY": 5, "YZ": 3, "ZX": 4}  # VASP's order, and Voigt's
table = "\n".join(
    f" {name} " + "".join(f"{10 * right[row, column]:12.4f}" for column in VASP.values())
    for name, row in VASP.items()
)
rule = "-" * 104
# the parts of an OUTCAR of IBRION = 6 that the two read for this
with open("OUTCAR", "w") as file:
    file.write(f""" running on    1 total cores
   IBRION =      6    ionic relax: 0-MD 1-quasi-New 2-CG
   number of bands    NBANDS=     16
 total plane-waves  NPLWV =   32768



{rule}


 k-point   1 :   0.0000 0.0000 0.0000  plane waves:    1021

 maximum and minimum number of plane-waves per node :      1021     1021

 TOTAL ELASTIC MODULI (kBar)
 Direction    XX          YY          ZZ          XY          YZ          ZX
 {rule[:80]}
{table}
 {rule[:80]}
""")


def transverse(tensor):
    """The velocities (m/s) of the two transverse waves along the axis, by Christoffel's equation."""
    axis = np.array([0.0, 0.0, 1.0])
    squares = np.linalg.eigvalsh(np.einsum("ijkl,j,l->ik", tensor, axis, axis) * 1e9 / DENSITY)
    return np.sqrt(squares[:2])


outcar = Outcar("OUTCAR")
outcar.read_elastic_tensor()
read = ElasticTensor.from_voigt(np.array(outcar.data["elastic_tensor"]) / 10)
of_jarvis = OfJarvis(JarvisOutcar("OUTCAR").elastic_props()["cij"])
print(f"C44, C55, C66 of the file: {right.diagonal()[3:]} GPa")
print(f"pymatgen {version('pymatgen')}: {read.voigt.diagonal()[3:]};", end=" ")
print(f"transverse waves along the axis {np.round(transverse(read))} m/s, of the file's own", end=" ")
print(np.round(transverse(ElasticTensor.from_voigt(right))))
print(f"jarvis-tools {version('jarvis-tools')}: {np.diag(of_jarvis.et_tensor)[3:]};", end=" ")
print(f"Cauchy pressure {of_jarvis.cauchy_pressure:.0f} GPa, of the file's own {C12 - C44:.0f}")
mixed = right.diagonal()[[5, 3, 4]]
as_seen = [np.allclose(found[3:], mixed) for found in (read.voigt.diagonal(), np.diag(of_jarvis.et_tensor))]
sys.exit(0 if as_seen == [True, True] else "pymatgen or jarvis-tools have changed: the moduli are in Voigt's order now")
PYTHON
venv/bin/python probe.py
