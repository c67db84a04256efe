"""Force constants of phonopy: of its YAML file, and of the files that belong to it.

phonopy.load takes files from the current directory and passes over named ones, so nothing here goes
through it: each file is parsed by name.
"""

import contextlib
import io
from dataclasses import dataclass

import numpy as np
import spglib
from phonopy import Phonopy
from phonopy.interface.phonopy_yaml import PhonopyYaml

from ferronhall.base.errors import ConfigError
from ferronhall.crystals.phonons import calculators
from ferronhall.crystals.phonons.forces import checked_fit, require_forces
from ferronhall.crystals.phonons.lattice_dynamics import Note, supercell_sites
from ferronhall.crystals.phonons.phonopy_sources import BROKEN, one_line, sources

_CONTRADICTION = 0.005
"""Difference of two sets of force constants, as a share of them (root mean squares)."""

_SAME_MASS = 1e-3
"""Difference (amu) of masses printed twice."""


@dataclass(frozen=True)
class PhonopyCrystal:
    """What phonopy's files hold of one crystal.

    cell : PhonopyAtoms, Å and amu
    mesh : tuple of 3 ints
    constants : ndarray, shape (n, n, *mesh, 3, 3), eV/Å²
    charges : (born, dielectric) or None where the YAML file has none
    notes : list of Note
    """

    cell: object
    mesh: tuple
    constants: np.ndarray
    charges: tuple | None
    notes: list


def read_phonopy(files):
    """PhonopyCrystal from phonopy's YAML file and the files beside it.

    files : files.PhaseFiles
    raises : ConfigError where they cannot be read, hold no forces, do not determine the force
        constants, contradict each other, give isotopes one mass, or name no elements
    """
    content, crystal = _load(files.constants)
    _require_elements(crystal, files.constants)
    _require_masses(crystal, files.constants)
    cell = calculators.in_angstrom(crystal.primitive, crystal.calculator)
    mesh = _mesh(crystal, files.constants)
    order = _order(crystal, mesh)
    found_in = list(sources(files, content, crystal))
    if not found_in:
        raise ConfigError(
            f"'{files.constants}' holds no forces; put FORCE_SETS or FORCE_CONSTANTS beside it, "
            "name outputs of its program with the key `forces`, or save it with phonopy "
            "--include-all"
        )
    name, found = found_in[0]
    notes = [
        Note(
            f"'{files.constants}': units of {crystal.calculator or 'vasp'}, primitive cell of "
            f"{len(cell)} atoms, supercell {' x '.join(map(str, mesh))}; force constants of {name}"
        )
    ]
    if isinstance(found, dict):
        constants, note = checked_fit(crystal, order, found, name)
        notes.append(note)
    else:
        constants = found
    for other, content_of_other in found_in[1:]:
        if isinstance(content_of_other, dict):
            notes.append(require_forces(crystal, constants, content_of_other, name, other))
            continue
        difference = np.sqrt(np.mean((content_of_other - constants) ** 2) / np.mean(constants**2))
        if difference > _CONTRADICTION:
            raise ConfigError(
                f"{name} and {other} contradict each other: their force constants differ by "
                f"{100 * difference:.2g} %; name the one that counts with the key `forces`"
            )
        notes.append(Note(f"{other} holds the same force constants ({difference:.1g})"))
    scale = calculators.constants_in_eV(crystal.calculator)
    n = len(cell)
    on_mesh = np.array([constants[a][order[a]] for a in range(n)]).reshape(n, n, *mesh, 3, 3)
    return PhonopyCrystal(cell, mesh, scale * on_mesh, _charges(content, n, files), notes)


def _load(path):
    """Content of the YAML file, and the crystal without forces."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            content = PhonopyYaml()
            content.read(path)
            if content.unitcell is None:
                raise ValueError("it holds no unit cell")
            primitive = content.primitive_matrix
            if primitive is None:
                primitive = "P" if _is_primitive(content.unitcell) else "auto"
            supercell = content.supercell_matrix
            crystal = Phonopy(
                content.unitcell,
                np.eye(3, dtype=int) if supercell is None else supercell,
                primitive_matrix=primitive,
                calculator=content.calculator,
                log_level=0,
            )
    except BROKEN as error:
        raise ConfigError(
            f"'{path}' is no YAML file of phonopy with a unit cell ({one_line(error)}), or it is "
            "truncated"
        ) from error
    return content, crystal


def _require_elements(crystal, path):
    """ConfigError for hydrogen, helium, …: what phonopy makes of species that it does not know."""
    numbers = list(dict.fromkeys(int(n) for n in crystal.unitcell.numbers))
    if len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1)):
        raise ConfigError(
            f"'{path}': its elements are {', '.join(dict.fromkeys(crystal.unitcell.symbols))}, as "
            "phonopy numbers them through where POSCAR names species after their potentials (Ba_sv "
            "or Ba_sv/5ba4b2d3); write their symbols into that line of POSCAR, make the file anew "
            "with phonopy, and keep the forces"
        )


def _require_masses(crystal, path):
    """ConfigError where the primitive cell, found without masses, gives two isotopes one mass."""
    own = np.array(crystal.supercell.masses)
    kept = own[np.array(crystal.primitive.s2p_map)]
    apart = np.abs(own - kept)
    if apart.max() > _SAME_MASS:
        atom = int(apart.argmax())
        raise ConfigError(
            f"'{path}': the primitive cell has one site for {crystal.supercell.symbols[atom]} of "
            f"{own[atom]:.5g} and of {kept[atom]:.5g} amu; save it with the primitive cell that "
            "holds both (in phonopy primitive_matrix='P'), or with one mass for all"
        )


def _is_primitive(cell):
    found = spglib.find_primitive(cell.totuple(), symprec=1e-5)
    return found is None or len(found[2]) == len(cell)


def _mesh(crystal, path):
    """Primitive cells along each of its axes that make up the supercell."""
    matrix = np.array(crystal.supercell.cell) @ np.linalg.inv(crystal.primitive.cell)
    diagonal = np.rint(np.diag(matrix)).astype(int)
    if np.abs(matrix - np.diag(diagonal)).max() > 1e-4 or diagonal.min() < 1:
        raise ConfigError(
            f"'{path}': the supercell is not a multiple of the axes of the primitive cell; give "
            "one of n x n x n of its cells"
        )
    return tuple(int(n) for n in diagonal)


def _order(crystal, mesh):
    """Where phonopy keeps the atoms of the mesh, shape (n, n·prod(mesh)).

    Row a lists, for every atom b and every cell R in the order of crystal_symmetry, the atom of the
    supercell that lies R + b − a away from atom a.
    """
    primitive, supercell = crystal.primitive, crystal.supercell
    n = len(primitive)
    own = np.array(primitive.p2s_map)
    places = np.array(primitive.scaled_positions)
    atoms, cells = supercell_sites(primitive, mesh)
    sort = np.lexsort((cells[:, 2], cells[:, 1], cells[:, 0], atoms))
    atoms, cells = atoms[sort], cells[sort]
    rows = []
    for a in range(n):
        wanted = (places[atoms] + cells - places[a]) / np.array(mesh)
        found = np.array(supercell.scaled_positions) - supercell.scaled_positions[own[a]]
        away = wanted[:, None] - found[None]
        away = np.abs(away - np.rint(away)).max(axis=2)
        rows.append(away.argmin(axis=1))
    return np.array(rows)


def _charges(content, atoms, files):
    found = content.nac_params
    if found is None:
        return None
    if len(found["born"]) != atoms:
        raise ConfigError(
            f"'{files.constants}': Born charges of {len(found['born'])} atoms, but the primitive "
            f"cell has {atoms}"
        )
    return np.array(found["born"]), np.array(found["dielectric"])
