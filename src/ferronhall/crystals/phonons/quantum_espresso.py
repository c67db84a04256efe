"""Force constants of Quantum ESPRESSO: q2r.x's real-space file, or ph.x's matrix at Γ."""

from pathlib import Path

import numpy as np
from phonopy import Phonopy
from phonopy.interface.qe import PH_Q2R
from phonopy.structure.atoms import PhonopyAtoms
from scipy.constants import physical_constants

from ferronhall.base.errors import ConfigError, FirstPrinciplesError
from ferronhall.base.units import BOHR, RYDBERG
from ferronhall.crystals.first_principles.quantum_espresso.ph_output import response
from ferronhall.crystals.phonons.lattice_dynamics import (
    LatticeDynamics,
    commensurate_waves,
    neutral,
    translation_free,
)
from ferronhall.crystals.phonons.rigid_ion import dipole_force_constants

_COULOMB_RY_BOHR = 2.0
"""e²/(4πε0) in Ry bohr."""

_RYDBERG_MASS_PER_AMU = physical_constants["atomic mass constant"][0] / (
    2 * physical_constants["electron mass"][0]
)


def read_q2r(path):
    """LatticeDynamics from the force-constant file of q2r.x.

    A file with Z* and ε∞ has the dipoles taken out of its force constants; they are put back.
    raises : ConfigError for a truncated file, and for one without Z* and ε∞
    """
    lines = Path(path).read_text(encoding="utf-8", errors="replace").splitlines()
    cell, at = _header(lines, path)
    if lines[at].strip() != "T":
        raise ConfigError(
            f"'{path}': no Born charges and dielectric tensor; run ph.x with epsil = .true. (or "
            "ldisp on an insulator) so that the matrix at Γ holds them, and q2r.x again"
        )
    try:
        parser = PH_Q2R(path)
        parser.run(cell)
    except (ValueError, IndexError, AssertionError) as error:
        reason = error or "a line is missing"
        raise ConfigError(f"'{path}' is truncated or damaged: {reason}") from error
    mesh = tuple(int(n) for n in parser.dimension)
    constants = parser.fc + _dipoles_on_mesh(cell, mesh, parser.borns, parser.epsilon)
    return _in_eV(cell, mesh, constants, parser.borns, parser.epsilon, path)


def read_gamma(path):
    """LatticeDynamics of the mesh 1 × 1 × 1 from a matrix of ph.x at Γ with Z* and ε∞.

    raises : ConfigError for a truncated file, a matrix elsewhere, or one without Z* and ε∞
    """
    lines = Path(path).read_text(encoding="utf-8", errors="replace").splitlines()
    cell, _ = _header(lines[2:], path)
    n = len(cell.masses)
    try:
        where = next(i for i, line in enumerate(lines) if line.strip().startswith("q = ("))
        q = [float(x) for x in lines[where].split("(")[1].split(")")[0].split()]
        matrix = np.empty((n, 3, n, 3))
        for k in range(n * n):
            begin = where + 2 + 4 * k
            a, b = (int(x) - 1 for x in lines[begin].split())
            for i in range(3):
                matrix[a, i, b] = [float(x) for x in lines[begin + 1 + i].split()[::2]]
        found = response(path)
    except (StopIteration, ValueError, IndexError, FirstPrinciplesError) as error:
        raise ConfigError(
            f"'{path}' is no complete matrix of ph.x with Born charges and dielectric tensor; run "
            "ph.x at Γ with epsil = .true."
        ) from error
    if np.abs(q).max() > 0:
        raise ConfigError(f"'{path}': the matrix belongs to q = {q}; give the one at Γ")
    constants = matrix.transpose(0, 2, 1, 3)
    return _in_eV(cell, (1, 1, 1), constants, found.born_charges, found.dielectric, path)


def _in_eV(cell, mesh, constants, born, dielectric, path):
    ångström = PhonopyAtoms(
        cell=cell.cell * BOHR,
        scaled_positions=cell.scaled_positions,
        symbols=cell.symbols,
        masses=cell.masses,
    )
    constants = translation_free(ångström, mesh, constants * RYDBERG / BOHR**2)
    return LatticeDynamics(ångström, mesh, constants, neutral(born, path), np.array(dielectric))


def _dipoles_on_mesh(cell, mesh, born, dielectric):
    """Real-space force constants of the dipoles on the mesh (Ry/bohr²), in phonopy's order."""
    waves = commensurate_waves(mesh)
    matrices = np.array(
        [
            dipole_force_constants(
                q, cell.cell, cell.scaled_positions, born, dielectric, _COULOMB_RY_BOHR
            )
            for q in waves
        ]
    )
    supercell = Phonopy(cell, np.diag(mesh), primitive_matrix=np.eye(3), log_level=0).supercell
    fractions = supercell.scaled_positions * mesh
    n = len(cell.masses)
    constants = np.empty((n, len(fractions), 3, 3))
    for image, position in enumerate(fractions):
        offsets = position - cell.scaled_positions
        atom = int(np.abs(offsets - np.rint(offsets)).max(axis=1).argmin())
        phase = np.exp(-2j * np.pi * waves @ np.rint(offsets[atom]))
        block = np.einsum("q,qaij->aij", phase, matrices[:, :, :, atom, :]) / len(waves)
        constants[:, image] = block.real
    return constants


def _header(lines, path):
    """The cell in bohr, and the index of the line after the atoms."""
    try:
        first = lines[0].split()
        species, atoms, lattice_kind = (int(x) for x in first[:3])
        lattice, at = _lattice(lattice_kind, [float(x) for x in first[3:9]], lines)
        names, masses = [], []
        for line in lines[at : at + species]:
            _, name, mass = line.split("'")
            names.append(name.strip())
            masses.append(float(mass) / _RYDBERG_MASS_PER_AMU)
        at += species
        entries = [line.split() for line in lines[at : at + atoms]]
        kinds = [int(entry[1]) - 1 for entry in entries]
        # positions are in units of the first lattice constant
        places = np.array([[float(x) for x in entry[2:5]] for entry in entries])
        cell = PhonopyAtoms(
            cell=lattice,
            scaled_positions=places * float(first[3]) @ np.linalg.inv(lattice),
            symbols=[names[k] for k in kinds],
            masses=[masses[k] for k in kinds],
        )
    except (ValueError, IndexError) as error:
        raise ConfigError(f"'{path}' is no file of q2r.x or ph.x, or it is truncated") from error
    return cell, at + atoms


def _lattice(kind, parameters, lines):
    scale = parameters[0]
    if kind == 0:
        return scale * _rows(lines, 1, 3), 4
    if kind == 1:
        return scale * np.eye(3), 1
    if kind == 6:
        return scale * np.diag([1.0, 1.0, parameters[2]]), 1
    raise ConfigError(
        f"ibrav = {kind} is not read; give ph.x a cell with ibrav 0 (any), 1 (cubic) or 6 "
        "(tetragonal)"
    )


def _rows(lines, start, count):
    return np.array([[float(x) for x in line.split()] for line in lines[start : start + count]])
