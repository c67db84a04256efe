"""Tetragonal BaTiO3, small and quick, as users of phonopy have it."""

import functools

import numpy as np
from phonopy.file_IO import (
    write_FORCE_CONSTANTS,
    write_force_constants_to_hdf5,
    write_FORCE_SETS,
)
from phonopy.harmonic.force_constants import compact_fc_to_full_fc

from ferronhall.crystals.first_principles.vasp.run import Run
from ferronhall.crystals.phonons.reading import read_lattice_dynamics
from tests.unit.first_principles import vasp_files
from tests.unit.phonons.espresso import DATA

LOWEST, HIGHEST = -3.841, 15.551
"""Frequencies at Γ of the shipped tetragonal data (THz)."""


@functools.cache
def shipped():
    return read_lattice_dynamics(DATA / "tetragonal" / "bto222.fc")


def displaced(scale=1.0, supercells=None, noise=0.0, distance=0.01):
    """A Phonopy object with displacements and the forces that belong to them.

    scale : float
        Of the forces, for another crystal's.
    supercells : int or None
        Number of random ones; by default phonopy's finite displacements.
    noise : float, eV/Å
    distance : float, Å
    """
    crystal = shipped().phonopy()
    full = scale * compact_fc_to_full_fc(crystal.primitive, crystal.force_constants)
    rng = np.random.default_rng(3)
    if supercells:
        crystal.generate_displacements(0.03, number_of_snapshots=supercells, random_seed=1)
        forces = -np.einsum("stij,ctj->csi", full, crystal.displacements)
        crystal.forces = forces + noise * rng.normal(size=forces.shape)
    else:
        crystal.generate_displacements(distance=distance)
        dataset = crystal.dataset
        for entry in dataset["first_atoms"]:
            force = -np.einsum("sij,j->si", full[:, entry["number"]], entry["displacement"])
            entry["forces"] = force + noise * rng.normal(size=force.shape)
        crystal.dataset = dataset
    crystal.force_constants = scale * shipped().force_constants
    return crystal


def write_born(path, scale=1.0):
    """phonopy's BORN: ε∞ and the charges of the four inequivalent atoms."""
    rows = [shipped().dielectric, *(scale * shipped().born[[0, 1, 2, 4]])]
    lines = [" ".join(f"{x:.10f}" for x in np.ravel(row)) for row in rows]
    path.write_text("\n".join(["14.4", *lines]) + "\n")


def write_yaml(folder, crystal, constants=False, forces=False, charges=False):
    """phonopy's YAML file with what is asked for inside."""
    if charges:
        crystal.nac_params = {
            "born": shipped().born,
            "dielectric": shipped().dielectric,
            "factor": 14.4,
        }
    path = folder / "phonopy_params.yaml"
    crystal.save(path, settings={"force_sets": forces, "force_constants": constants})
    return path


def write_vasprun(folder, crystal):
    """An output of VASP for each displacement; their paths."""
    paths = []
    for n, cell in enumerate(crystal.supercells_with_displacements):
        paths.append(folder / f"vasprun.xml-{n:03d}")
        run = Run("displaced", cell, {}, (2, 2, 2), ("Ba_sv", "Ti_pv", "O"))
        vasp_files.vasprun(paths[-1], run, forces=crystal.dataset["first_atoms"][n]["forces"])
    return paths


WRITERS = {
    "FORCE_CONSTANTS": lambda crystal, path: write_FORCE_CONSTANTS(
        crystal.force_constants, path, p2s_map=crystal.primitive.p2s_map
    ),
    "force_constants.hdf5": lambda crystal, path: write_force_constants_to_hdf5(
        crystal.force_constants, path, p2s_map=crystal.primitive.p2s_map
    ),
    "FORCE_SETS": lambda crystal, path: write_FORCE_SETS(crystal.dataset, path),
}
"""Name under which phonopy's file is looked for → how phonopy writes it."""
