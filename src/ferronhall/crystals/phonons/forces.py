"""Force constants from displacements and forces: they have to give back the forces.

The solvers behind phonopy return numbers for displacements that determine nothing, too. So the same
solver is first given forces made from known force constants, which it has to find.
"""

import contextlib
import io

import numpy as np
from phonopy import Phonopy
from phonopy.cui.load_helper import produce_force_constants
from phonopy.harmonic.force_constants import compact_fc_to_full_fc
from phonopy.structure.dataset import get_displacements_and_forces

from ferronhall.base.errors import ConfigError
from ferronhall.crystals.phonons.crystal_symmetry import symmetric_constants
from ferronhall.crystals.phonons.lattice_dynamics import Note

_REFUSED, _LOUD = 0.20, 0.05
"""Forces not given back, as a share of them (root mean squares)."""

_AGREES = 0.02
"""Such a share up to which force constants from elsewhere are those of the forces."""

_DETERMINED = 1e-4
"""Error of the known force constants found again, as a share of them."""


def checked_fit(crystal, order, dataset, name):
    """Force constants of a crystal from its displacements and forces, and a Note.

    crystal : Phonopy; order : ndarray, as phonopy_files makes it
    dataset : dict, phonopy's
    returns : (ndarray of shape (n, N, 3, 3) in the calculator's units, Note)
    raises : ConfigError where the displacements determine no force constants, or these do not give
        back the forces
    """
    displacements, forces = get_displacements_and_forces(dataset)
    known = _known(crystal, order)
    answer = _fit(crystal, _with_forces(dataset, -_forces(crystal, known, displacements)), name)
    missing = np.sqrt(np.mean((answer - known) ** 2) / np.mean(known**2))
    if not missing < _DETERMINED:
        raise ConfigError(
            f"{name}: the displacements (supercells: {len(forces)}) do not determine the force "
            "constants (known ones, given as a test, do not come back from their own forces); add "
            "the displacements that phonopy asks for, or more supercells of random ones"
        )
    constants = _fit(crystal, dataset, name)
    left = _left(crystal, constants, displacements, forces)
    said = (
        f"{name}: supercells: {len(forces)}; the force constants give back the forces but for "
        f"{100 * left:.2g} % (root mean square)"
    )
    if not left < _REFUSED:
        raise ConfigError(
            f"{said}; the forces belong to other displacements or to another cell, or the "
            "displacements are too large for harmonic forces"
        )
    return constants, Note(said, loud=left > _LOUD)


def require_forces(crystal, constants, dataset, name, other):
    """A Note that force constants give back forces from another file; ConfigError otherwise.

    constants : ndarray, shape (n, N, 3, 3), of the file `name`
    dataset : dict, of the file `other`
    """
    displacements, forces = get_displacements_and_forces(dataset)
    left = _left(crystal, constants, displacements, forces)
    if not left < _AGREES:
        own = _left(crystal, _fit(crystal, dataset, other), displacements, forces)
        if not (left < 2 * own and left < _REFUSED):
            raise ConfigError(
                f"{name} and {other} contradict each other: the force constants of the first do "
                f"not give back {100 * left:.2g} % of the forces of the second; name the one that "
                "counts with the key `forces`"
            )
    return Note(f"{name} gives back {other} but for {100 * left:.2g} % (root mean square)")


def _fit(crystal, dataset, name):
    twin = Phonopy(
        crystal.unitcell,
        crystal.supercell_matrix,
        primitive_matrix=crystal.primitive_matrix,
        calculator=crystal.calculator,
        log_level=0,
    )
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            twin.dataset = dataset
            produce_force_constants(twin, is_compact_fc=True, use_symfc_projector=True)
    except (ValueError, RuntimeError, IndexError, TypeError, KeyError, AssertionError) as error:
        raise ConfigError(
            f"{name}: phonopy cannot make force constants of these forces ({error}); the files are "
            "truncated or belong to different cells"
        ) from error
    return np.array(twin.force_constants)


def _known(crystal, order):
    """Force constants at random, but with the symmetry of the crystal, in phonopy's order."""
    primitive = crystal.primitive
    n = len(primitive)
    lengths = np.linalg.norm(crystal.supercell.cell, axis=1) / np.linalg.norm(
        primitive.cell, axis=1
    )
    mesh = tuple(int(k) for k in np.rint(lengths))
    noise = np.random.default_rng(1).normal(size=(n, n, *mesh, 3, 3))
    symmetric = symmetric_constants(primitive, mesh, noise)
    for a in range(n):
        symmetric[a, a, 0, 0, 0] -= symmetric[a].sum(axis=(0, 1, 2, 3))
    known = np.empty((n, order.shape[1], 3, 3))
    for a in range(n):
        known[a, order[a]] = symmetric[a].reshape(-1, 3, 3)
    return known


def _forces(crystal, constants, displacements):
    """Φu, shape (supercells, N, 3)."""
    full = np.array(compact_fc_to_full_fc(crystal.primitive, constants))
    return np.einsum("stij,ctj->csi", full, displacements, optimize=True)


def _left(crystal, constants, displacements, forces):
    rest = forces + _forces(crystal, constants, displacements)
    return float(np.sqrt(np.sum(rest**2) / np.sum(np.asarray(forces) ** 2)))


def _with_forces(dataset, forces):
    if "first_atoms" in dataset:
        entries = [
            {**entry, "forces": force}
            for entry, force in zip(dataset["first_atoms"], forces, strict=True)
        ]
        return {**dataset, "first_atoms": entries}
    return {"displacements": dataset["displacements"], "forces": forces}
