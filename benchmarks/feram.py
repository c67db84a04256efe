"""feram (T. Nishimatsu, loto.sourceforge.net/feram) on as many cells, where it is on PATH.

Its model has strain and no noise, and is periodic along all axes. The input follows the examples
of its documentation, with the parameters of Phys. Rev. B 82, 134106 (2010); it has not been tried
with a feram here.
"""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

INPUT = """\
method = 'lf'
GPa = -2.0
kelvin = 50.0
mass_amu = 38.24
acoustic_mass_amu = 46.44
bulk_or_film = 'bulk'
L = {nx} {ny} {nz}
dt = 0.002 [pico second]
n_thermalize = 0
n_average = {steps}
coord_directory = 'never'
slice_directory = 'never'
distribution_directory = 'never'
B11 = 126.731671475652
B12 = 41.7582963902598
B44 = 49.2408864348646
B1xx = -185.347187551195 [eV/Angstrom^2]
B1yy = -3.28092949275457 [eV/Angstrom^2]
B4yz = -14.5501738943852 [eV/Angstrom^2]
P_k1 = -267.98013991724 [eV/Angstrom^6]
P_k2 = 197.500718362573 [eV/Angstrom^6]
P_k3 = 830.199979293529 [eV/Angstrom^6]
P_k4 = 641.968099408642 [eV/Angstrom^8]
P_alpha = 78.9866142426818 [eV/Angstrom^4]
P_gamma = -115.484148812672 [eV/Angstrom^4]
P_kappa2 = 8.53400622096412 [eV/Angstrom^2]
j = -2.08403 -1.12904 0.68946 -0.61134 0.00000 0.27690 0.00000 [eV/Angstrom^2]
a0 = 3.98597 [Angstrom]
Z_star = 10.33000
epsilon_inf = 6.86915
init_dipo_avg = 0.14 0.00 0.00 [Angstrom]
init_dipo_dev = 0.02 0.02 0.02 [Angstrom]
"""


def time_feram(shape, steps=100):
    """Seconds a time step on one core; None where there is no feram or it fails."""
    program = shutil.which("feram")
    if not program:
        return None

    def wall(count):
        with tempfile.TemporaryDirectory() as folder:
            text = INPUT.format(**dict(zip(("nx", "ny", "nz"), shape, strict=True)), steps=count)
            Path(folder, "bulk.feram").write_text(text, encoding="ascii")
            environment = os.environ | {"OMP_NUM_THREADS": "1"}
            begun = time.perf_counter()
            command = [program, "bulk.feram"]
            done = subprocess.run(command, cwd=folder, env=environment, capture_output=True)
            return time.perf_counter() - begun if done.returncode == 0 else None

    # the difference leaves out reading, planning of transforms and writing
    short, long = wall(steps), wall(3 * steps)
    return (long - short) / (2 * steps) if short and long else None
