"""Force constants of Quantum ESPRESSO: q2r.x's real-space file, or ph.x's matrix at Γ."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from phonopy.structure.atoms import PhonopyAtoms
from scipy.constants import physical_constants

from ferronhall.base.errors import ConfigError, FirstPrinciplesError
from ferronhall.base.units import BOHR, RYDBERG
from ferronhall.crystals.first_principles.quantum_espresso.ph_output import response
from ferronhall.crystals.phonons.elements import element
from ferronhall.crystals.phonons.rigid_ion import dipoles_on_mesh

_COULOMB_RY_BOHR = 2.0
"""e²/(4πε0) in Ry bohr."""

_RYDBERG_MASS_PER_AMU = physical_constants["atomic mass constant"][0] / (
    2 * physical_constants["electron mass"][0]
)

_OLD_WIDTH = 1.0
"""α of the dipoles' Gaussian (rigid_ion) in (2π/alat)², where the file states none: before 7.4."""


@dataclass(frozen=True)
class Espresso:
    """What a file of q2r.x or ph.x holds.

    cell : PhonopyAtoms, Å and amu
    mesh : tuple of 3 ints
    constants : ndarray, shape (n, n, *mesh, 3, 3), eV/Å², the dipoles included
    charges : (born, dielectric) or None where the file has none
    width : float or None
        α in (2π/alat)² with which dipoles had been taken out.
    """

    cell: object
    mesh: tuple
    constants: np.ndarray
    charges: tuple | None
    width: float | None = None


def read_q2r(path):
    """Espresso from the force-constant file of q2r.x.

    A file with Z* and ε∞ (flag T) has the dipoles taken out of its force constants, with a Gaussian
    whose width stands beside the flag since version 7.4; they are put back. One without (flag F)
    holds the whole force constants.
    raises : ConfigError for a truncated file
    """
    lines = _lines(path)
    cell, alat, at = _header(lines, path)
    n = len(cell.masses)
    try:
        flag, *width = lines[at].split()
        polar = flag.strip(".").upper().startswith("T")
        at += 1
        if polar:
            dielectric = _rows(lines, at, 3)
            born = np.array([_rows(lines, at + 4 + 4 * atom, 3) for atom in range(n)])
            at += 3 + 4 * n
        mesh = tuple(int(x) for x in lines[at].split()[:3])
        constants = _real_space(lines[at + 1 :], n, mesh)
    except (ValueError, IndexError) as error:
        raise ConfigError(
            f"'{path}' is truncated or damaged: {error or 'a line is missing'}"
        ) from error
    if not polar:
        return Espresso(_in_angstrom(cell), mesh, constants * RYDBERG / BOHR**2, None)
    alpha = float(width[0]) if width else _OLD_WIDTH
    constants = constants + dipoles_on_mesh(
        mesh,
        cell.cell,
        cell.scaled_positions,
        born,
        dielectric,
        _COULOMB_RY_BOHR,
        alpha * (2 * np.pi / alat) ** 2,
    )
    return Espresso(
        _in_angstrom(cell), mesh, constants * RYDBERG / BOHR**2, (born, dielectric), alpha
    )


def read_gamma(path):
    """Espresso of the mesh 1 × 1 × 1 from a matrix of ph.x at Γ.

    raises : ConfigError for a truncated file or a matrix elsewhere
    """
    lines = _lines(path)
    cell, _, _ = _header(lines[2:], path)
    n = len(cell.masses)
    try:
        where = next(i for i, line in enumerate(lines) if line.strip().startswith("q = ("))
        q = [float(x) for x in lines[where].split("(")[1].split(")")[0].split()]
        matrix = np.empty((n, n, 3, 3))
        for k in range(n * n):
            begin = where + 2 + 4 * k
            a, b = (int(x) - 1 for x in lines[begin].split())
            for i in range(3):
                matrix[a, b, i] = [float(x) for x in lines[begin + 1 + i].split()[::2]]
    except (StopIteration, ValueError, IndexError) as error:
        raise ConfigError(f"'{path}' is truncated: no whole matrix of ph.x stands in it") from error
    if np.abs(q).max() > 0:
        raise ConfigError(
            f"'{path}': the matrix belongs to q = {q}; give the one at Γ, which ph.x numbers 1"
        )
    charges = None
    if any("Dielectric Tensor" in line for line in lines):
        try:
            found = response(path)
        except FirstPrinciplesError as error:
            raise ConfigError(f"'{path}' is truncated: {error}") from error
        charges = (found.born_charges, found.dielectric)
    constants = matrix[:, :, None, None, None] * RYDBERG / BOHR**2
    return Espresso(_in_angstrom(cell), (1, 1, 1), constants, charges)


def _lines(path):
    return Path(path).read_text(encoding="utf-8", errors="replace").splitlines()


def _in_angstrom(cell):
    return PhonopyAtoms(
        cell=cell.cell * BOHR,
        scaled_positions=cell.scaled_positions,
        symbols=cell.symbols,
        masses=cell.masses,
    )


def _real_space(lines, n, mesh):
    """Constants on the mesh (Ry/bohr²) from the blocks (i, j, a, b) of q2r.x.

    A block's rows are those of atom a in every cell, with atom b in the first.
    """
    cells = int(np.prod(mesh))
    constants = np.empty((n, n, *mesh, 3, 3))
    at = 0
    for _ in range(9 * n * n):
        i, j, a, b = (int(x) - 1 for x in lines[at].split())
        for line in lines[at + 1 : at + 1 + cells]:
            *place, value = line.split()
            x, y, z = (int(k) - 1 for k in place)
            constants[b, a, x, y, z, j, i] = _fortran(value)
        if len(lines) < at + 1 + cells:
            raise IndexError("the last block of force constants is not whole")
        at += 1 + cells
    return constants


def _fortran(word):
    """A number as Fortran prints it, which drops the E of three-digit exponents."""
    return float(re.sub(r"(?<=\d)([+-]\d{3})$", r"E\1", word))


def _header(lines, path):
    """The cell in bohr, alat in bohr, and the index of the line after the atoms."""
    try:
        first = lines[0].split()
        species, atoms, lattice_kind = (int(x) for x in first[:3])
        parameters = [float(x) for x in first[3:9]]
        alat = parameters[0]
        lattice, at = _lattice(lattice_kind, parameters, lines)
        names, masses = [], []
        for line in lines[at : at + species]:
            _, name, mass = line.split("'")
            masses.append(float(mass) / _RYDBERG_MASS_PER_AMU)
            names.append(element(name, masses[-1]))
        at += species
        entries = [line.split() for line in lines[at : at + atoms]]
        kinds = [int(entry[1]) - 1 for entry in entries]
        places = np.array([[float(x) for x in entry[2:5]] for entry in entries])
        cell = PhonopyAtoms(
            cell=lattice,
            scaled_positions=places * alat @ np.linalg.inv(lattice),
            symbols=[names[k] for k in kinds],
            masses=[masses[k] for k in kinds],
        )
    except (ValueError, IndexError, np.linalg.LinAlgError) as error:
        raise ConfigError(f"'{path}' is no file of q2r.x or ph.x, or it is truncated") from error
    except ConfigError as error:
        raise ConfigError(f"'{path}': {error}") from error
    return cell, alat, at + atoms


def _lattice(kind, parameters, lines):
    """Lattice vectors (bohr, rows) and the index of the line after them.

    Everything in these files is in units of alat = celldm(1), which for ibrav 0 is not the length
    of the first vector unless the input made it so.
    """
    alat = parameters[0]
    if not alat > 0:
        raise ValueError("celldm(1) is not above 0")
    if kind == 0:
        # ph.x writes a title before the vectors, q2r.x does not
        start = 2 if lines[1].split()[:1] == ["Basis"] else 1
        return alat * _rows(lines, start, 3), start + 3
    if kind == 1:
        return alat * np.eye(3), 1
    if kind == 6:
        return alat * np.diag([1.0, 1.0, parameters[2]]), 1
    raise ConfigError(
        f"ibrav = {kind} is not read; give ph.x a cell with ibrav 0 (any), 1 (cubic) or 6 "
        "(tetragonal)"
    )


def _rows(lines, start, count):
    rows = np.array([[float(x) for x in line.split()] for line in lines[start : start + count]])
    if rows.shape != (count, 3):
        raise IndexError("a line is missing")
    return rows
