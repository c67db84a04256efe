"""A q2r.x in numpy, from the matrices that ph.x printed, and files in the layouts it has had.

It is written from the formula of Gonze and Lee with the cutoff and the width α (in (2π/alat)²) that
Quantum ESPRESSO documents, independently of the package.
"""

from dataclasses import dataclass, replace

import numpy as np

from ferronhall.crystals.first_principles.quantum_espresso.ph_output import response
from tests.conftest import ROOT

DATA = ROOT / "data" / "batio3-pbesol"


@dataclass(frozen=True)
class Crystal:
    """alat (bohr), vectors and positions in its units, names, masses (Ry), kinds of the atoms."""

    alat: float
    at: np.ndarray
    tau: np.ndarray
    kinds: list
    ityp: list
    dielectric: np.ndarray
    born: np.ndarray
    matrices: list

    def scaled(self, alat):
        """The same crystal in units of another alat, q included."""
        s = self.alat / alat
        matrices = [(q / s, matrix) for q, matrix in self.matrices]
        return replace(self, alat=alat, at=self.at * s, tau=self.tau * s, matrices=matrices)


def batio3():
    """Cubic BaTiO3 with its 27 matrices."""
    lines = (DATA / "cubic" / "bto.dyn1").read_text().splitlines()
    kinds = [(w.split("'")[1].strip(), float(w.split("'")[2])) for w in lines[3:6]]
    rows = [line.split() for line in lines[6:11]]
    gamma = response(DATA / "cubic" / "bto.dyn1")
    matrices = [m for k in (1, 2, 3, 4) for m in _matrices(DATA / "cubic" / f"bto.dyn{k}")]
    return Crystal(
        float(lines[2].split()[3]),
        np.eye(3),
        np.array([[float(x) for x in row[2:5]] for row in rows]),
        kinds,
        [int(row[1]) for row in rows],
        gamma.dielectric,
        gamma.born_charges,
        matrices,
    )


def _matrices(path):
    """(q, C(q)) printed by ph.x, shape (5, 5, 3, 3)."""
    lines = path.read_text().split("Diagonalizing")[0].splitlines()
    for at, line in enumerate(lines):
        if line.strip().startswith("q = ("):
            q = np.array([float(x) for x in line.split("(")[1].split(")")[0].split()])
            matrix = np.zeros((5, 5, 3, 3), complex)
            for k in range(at + 2, at + 102, 4):
                a, b = (int(x) - 1 for x in lines[k].split())
                for i in range(3):
                    row = np.array(lines[k + 1 + i].split(), float)
                    matrix[a, b, i] = row[::2] + 1j * row[1::2]
            yield q, matrix


def _dipoles(q, crystal, alpha):
    volume = abs(np.linalg.det(crystal.at)) * crystal.alat**3
    reciprocal = np.linalg.inv(crystal.at).T
    # far enough for ε∞ above 4
    reach = int(np.sqrt(56 * alpha / 4) * np.linalg.norm(crystal.at[0])) + 2
    grid = np.arange(-reach, reach + 1)
    grid = np.array(np.meshgrid(grid, grid, grid)).reshape(3, -1).T @ reciprocal
    out = np.zeros((5, 5, 3, 3), complex)

    def total(g):
        length = np.einsum("gi,ij,gj->g", g, crystal.dielectric, g)
        g, length = (x[(length > 0) & (length < 56 * alpha)] for x in (g, length))
        weight = 8 * np.pi / volume * np.exp(-length / 4 / alpha) / length
        charge = np.einsum("gi,aij->gaj", g, crystal.born)
        charge = charge * np.exp(2j * np.pi * g @ crystal.tau.T)[:, :, None]
        return np.einsum("g,gai,gbj->abij", weight, charge, charge.conj(), optimize=True)

    out += total(grid + q)
    own = total(grid).real.sum(axis=1)
    for a in range(5):
        out[a, a] -= own[a]
    return out


def q2r(crystal, alpha=1.0, polar=True):
    """Real-space constants on 3 × 3 × 3 (Ry/bohr²), indexed [x, y, z, a, b, i, j]."""
    constants = np.zeros((3, 3, 3, 5, 5, 3, 3), complex)
    for q, matrix in crystal.matrices:
        place = tuple(np.rint(3 * crystal.at @ q).astype(int) % 3)
        constants[place] = matrix - (_dipoles(q, crystal, alpha) if polar else 0)
    return np.fft.ifftn(constants, axes=(0, 1, 2)).real


def write_fc(path, crystal, constants, flag="T", ibrav=1, names=None):
    """The file of q2r.x; flag 'T  alpha' is the header line since version 7.4."""
    names = names or {}
    celldm = "".join(f"{x:11.7f}" for x in (crystal.alat, 0, 0, 0, 0, 0))
    lines = [f"{len(crystal.kinds):3d}{len(crystal.tau):5d}{ibrav:3d}{celldm}"]
    if ibrav == 0:
        lines += ["  " + "".join(f"{x:15.9f}" for x in row) for row in crystal.at]
    for k, (name, mass) in enumerate(crystal.kinds):
        lines.append(f"           {k + 1}  '{names.get(name, name):3s}'    {mass:.10f}")
    for k, (kind, place) in enumerate(zip(crystal.ityp, crystal.tau, strict=True)):
        lines.append(f"{k + 1:5d}{kind:5d}" + "".join(f"{x:18.10f}" for x in place))
    lines.append(f" {flag}")
    if flag.startswith("T"):
        lines += ["".join(f"{x:24.12f}" for x in row) for row in crystal.dielectric]
        for k, charge in enumerate(crystal.born):
            lines += [f"{k + 1:5d}"] + ["".join(f"{x:15.7f}" for x in row) for row in charge]
    lines.append("   3   3   3")
    for i, j, a, b in np.ndindex(3, 3, 5, 5):
        lines.append(f"{i + 1:4d}{j + 1:4d}{a + 1:4d}{b + 1:4d}")
        for z, y, x in np.ndindex(3, 3, 3):
            value = constants[x, y, z, a, b, i, j]
            lines.append(f"{x + 1:4d}{y + 1:4d}{z + 1:4d}  {value:18.11E}")
    path.write_text("\n".join(lines) + "\n")
    return path
