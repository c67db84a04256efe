"""Force constants of phonopy: of its YAML file, and of the files that belong to it.

phonopy.load takes files from the current directory and passes over named ones, so nothing here goes
through it: each file is parsed by name.
"""

import contextlib
import io
from dataclasses import dataclass

import numpy as np
import spglib
import yaml
from phonopy import Phonopy
from phonopy.cui.load_helper import read_force_constants_from_hdf5
from phonopy.file_IO import parse_FORCE_CONSTANTS, parse_FORCE_SETS
from phonopy.harmonic.force_constants import full_fc_to_compact_fc
from phonopy.interface.calculator import get_calculator_physical_units
from phonopy.interface.phonopy_yaml import PhonopyYaml
from phonopy.structure.atoms import PhonopyAtoms
from phonopy.structure.dataset import forces_in_dataset, get_displacements_and_forces

from ferronhall.base.errors import ConfigError
from ferronhall.crystals.phonons import recognition
from ferronhall.crystals.phonons.elements import element
from ferronhall.crystals.phonons.forces import checked_fit, require_forces
from ferronhall.crystals.phonons.lattice_dynamics import Note, supercell_sites

BROKEN = (
    OSError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    RuntimeError,
    AssertionError,
    yaml.YAMLError,
)
"""What phonopy's parsers raise on files that are not what they should be."""

_SAME_DISPLACEMENT = 1e-5
"""Difference (calculator's unit of length) of displacements printed twice."""

_CONTRADICTION = 0.005
"""Difference of two sets of force constants, as a share of them (root mean squares)."""


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
        constants, or contradict each other
    """
    content, crystal = _load(files.constants)
    units = get_calculator_physical_units(crystal.calculator)
    cell = PhonopyAtoms(
        cell=crystal.primitive.cell * units.distance_to_A,
        scaled_positions=crystal.primitive.scaled_positions,
        symbols=[element(symbol) for symbol in crystal.primitive.symbols],
        masses=crystal.primitive.masses,
    )
    mesh = _mesh(crystal, files.constants)
    order = _order(crystal, mesh)
    sources = list(_sources(files, content, crystal))
    if not sources:
        raise ConfigError(
            f"'{files.constants}' holds no forces; put FORCE_SETS or FORCE_CONSTANTS beside it, or "
            "save it with phonopy --include-all"
        )
    name, found = sources[0]
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
    for other, content_of_other in sources[1:]:
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
    scale = (units.factor / get_calculator_physical_units("vasp").factor) ** 2
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


def _sources(files, content, crystal):
    """(name, force constants or displacements with forces) of what there is, in order."""
    inside = not files.forces_named or files.forces == (files.constants,)
    if inside and content.force_constants is not None:
        yield f"'{files.constants}'", _compact(crystal, content.force_constants)
    later = []
    for file in files.forces if files.forces != (files.constants,) else ():
        found = _parsed(file, crystal, files)
        if isinstance(found, dict):
            if not files.forces_named:
                _require_displacements(found, content.dataset, file, files.constants)
            later.append((f"'{file}'", found))
        else:
            yield f"'{file}'", found
    if inside and forces_in_dataset(content.dataset):
        yield f"forces in '{files.constants}'", content.dataset
    yield from later


def _require_displacements(found, own, file, path):
    """ConfigError where forces found beside the YAML file belong to displacements it has not."""
    if own is None:
        return
    there, here = (get_displacements_and_forces(dataset)[0] for dataset in (found, own))
    # forces of the first few random supercells will do
    enough = len(there) == len(here) or ("displacements" in found and len(there) < len(here))
    if not enough or np.abs(there - here[: len(there)]).max() > _SAME_DISPLACEMENT:
        raise ConfigError(
            f"'{file}' and '{path}' contradict each other: the displacements in them differ; name "
            "the file of the forces that belong to this crystal with the key `forces`"
        )


def _parsed(file, crystal, files):
    """Force constants, or a dict of displacements and forces, of one file."""
    own = crystal.primitive.p2s_map
    try:
        kind = recognition.recognise(file)
        with contextlib.redirect_stdout(io.StringIO()):
            if kind == recognition.HDF5:
                constants = read_force_constants_from_hdf5(file, own, crystal.calculator)
                return _compact(crystal, constants)
            if kind == recognition.CONSTANTS:
                return _compact(crystal, parse_FORCE_CONSTANTS(file, p2s_map=own))
            dataset = parse_FORCE_SETS(file)
            atoms = len(crystal.supercell)
            if "displacements" in dataset:
                dataset = parse_FORCE_SETS(file, natom=atoms)
            elif dataset["natom"] != atoms:
                raise ValueError(f"{dataset['natom']} atoms, but the supercell has {atoms}")
            return dataset
    except BROKEN as error:
        raise ConfigError(
            f"'{files.constants}', '{file}': phonopy cannot make force constants of this "
            f"({one_line(error)}); the files are truncated or belong to different cells"
        ) from error


def _compact(crystal, constants):
    """Force constants of the primitive cell's atoms, shape (n, N, 3, 3)."""
    n, atoms = len(crystal.primitive), len(crystal.supercell)
    if constants.shape == (atoms, atoms, 3, 3):
        return np.array(full_fc_to_compact_fc(crystal.primitive, constants))
    if constants.shape != (n, atoms, 3, 3):
        raise ConfigError(
            f"the force constants are those of {constants.shape[:2]} atoms, but the cells have "
            f"{n} and {atoms}; the files belong to different cells"
        )
    return np.array(constants)


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


def one_line(error):
    """The first line of an exception's message, or its name."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
