"""Which runs make up a campaign, and of which structures."""

import numpy as np
from phonopy import Phonopy
from phonopy.structure.atoms import PhonopyAtoms

from ferronhall.crystals.first_principles import crystal as structures
from ferronhall.crystals.first_principles.switching_path import on_path
from ferronhall.crystals.first_principles.vasp import incar, settings
from ferronhall.crystals.first_principles.vasp.dipole_origin import origin
from ferronhall.crystals.first_principles.vasp.run import Run


def relaxes(section, phase):
    """Whether a phase is relaxed by a run."""
    return section[phase]["relax"] != "none"


def relaxation(section, phase):
    """The Run that brings cell or atoms of a phase to rest.

    section : dict, a checked first-principles section
    """
    tags = incar.relaxation(
        settings.common_tags(section),
        section[phase]["relax"],
        section["force_threshold_eV_per_A"],
    )
    return _primitive(section, structures.start(section, phase), f"{phase}/relaxation", tags)


def response(section, crystal):
    """The Run for Born charges and ε∞ of a phase."""
    tags = incar.response(settings.common_tags(section))
    return _primitive(section, crystal, f"{crystal.phase}/response", tags)


def displacements(section, crystal):
    """Supercells of a phase with the displacements that its symmetry asks for, a Phonopy object."""
    phonons = Phonopy(
        atoms(crystal, settings.masses(section)),
        np.diag(section[crystal.phase]["supercell"]),
        primitive_matrix=np.eye(3),
        calculator="vasp",
        log_level=0,
    )
    phonons.generate_displacements(distance=section["displacement_A"])
    return phonons


def displaced(section, crystal):
    """The Runs for the forces in a phase's displaced supercells, in phonopy's order."""
    cells = displacements(section, crystal).supercells_with_displacements
    tags = incar.forces(settings.common_tags(section))
    return [
        Run(
            f"{crystal.phase}/displacement-{n:03d}",
            cell,
            tags,
            tuple(section[crystal.phase]["supercell_k_mesh"]),
            settings.potcars(section, cell.symbols),
        )
        for n, cell in enumerate(cells, start=1)
    ]


def switching_path(section, relaxed):
    """The Runs for energy and Berry phases along the switching path, λ ascending.

    relaxed : crystal.Crystal
        The end of the path, λ = 1.
    """
    # one origin for the whole path, far from where atoms leave one side of the cell for the other
    centre = origin(structures.reference(section))
    tags = incar.polarization(settings.common_tags(section), centre)
    return [
        _primitive(section, on_path(section, relaxed, coordinate), f"path/{coordinate:.3f}", tags)
        for coordinate in section["path"]["lambdas"]
    ]


def atoms(crystal, masses=None):
    """A crystal.Crystal as PhonopyAtoms, Å.

    masses : dict of symbol to amu
    """
    return PhonopyAtoms(
        cell=np.diag([crystal.a, crystal.b or crystal.a, crystal.c]),
        scaled_positions=crystal.positions,
        symbols=crystal.symbols,
        masses=[masses[symbol] for symbol in crystal.symbols] if masses else None,
    )


def on_structure(section, crystal):
    """Every Run that starts from a phase's structure."""
    runs = []
    if section[crystal.phase]["supercell"]:
        runs += [response(section, crystal), *displaced(section, crystal)]
    if crystal.phase == "tetragonal":
        runs += switching_path(section, crystal)
    return runs


def phase_of(name):
    """The phase whose structure a run starts from; None for relaxations, which make it."""
    first, _, last = name.partition("/")
    if last == "relaxation":
        return None
    return "tetragonal" if first == "path" else first


def _primitive(section, crystal, name, tags):
    return Run(
        name,
        atoms(crystal),
        tags,
        tuple(section[crystal.phase]["k_mesh"]),
        settings.potcars(section, crystal.symbols),
    )
