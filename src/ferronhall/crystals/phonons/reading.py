"""Lattice dynamics from the files of phonopy or Quantum ESPRESSO, refused where they do not fit."""

import numpy as np
from phonopy.file_IO import parse_BORN

from ferronhall.base.errors import ConfigError
from ferronhall.crystals.phonons.balance import balanced
from ferronhall.crystals.phonons.files import phase_files
from ferronhall.crystals.phonons.lattice_dynamics import Note
from ferronhall.crystals.phonons.phonopy_files import read_phonopy
from ferronhall.crystals.phonons.phonopy_sources import BROKEN, one_line
from ferronhall.crystals.phonons.quantum_espresso import read_gamma, read_q2r
from ferronhall.crystals.phonons.recognition import (
    GAMMA,
    PHONOPY,
    Q2R,
    require_crystal,
)

_SAME_CHARGE, _SAME_DIELECTRIC = 0.05, 0.02
"""Difference (e; share) up to which two files hold the same Born charges and ε∞."""


def read_lattice_dynamics(path, born=None, forces=None):
    """LatticeDynamics from a file of force constants and those beside it.

    path : str or Path
        A file of q2r.x, a matrix of ph.x at Γ, or phonopy's phonopy.yaml, phonopy_disp.yaml or
        phonopy_params.yaml with the forces in it or beside.
    born : str or Path, optional
        File that counts alone for the Born charges.
    forces : str, Path or sequence of them, optional
        What counts alone for forces or force constants: one of phonopy's files, or the outputs of a
        program, one for each displacement.
    raises : ConfigError
    """
    return read_phase(phase_files(path, forces, born))


def read_phase(files):
    """LatticeDynamics from files.PhaseFiles. Raises ConfigError."""
    path = files.constants
    for file in files.read:
        if not file.is_file():
            raise ConfigError(f"'{file}': there is no such file; name the one that is meant")
    require_crystal(path, files.kind)
    if files.forces_named and files.kind != PHONOPY:
        raise ConfigError(
            f"forces: '{files.forces[0]}' goes with a YAML file of phonopy alone, and '{path}' is "
            "one of Quantum ESPRESSO; take the key away"
        )
    if files.kind in (Q2R, GAMMA):
        found = read_q2r(path) if files.kind == Q2R else read_gamma(path)
        width = f"α = {found.width:.4g} (2π/alat)²" if found.width else ""
        notes = [
            Note(
                f"'{path}': Quantum ESPRESSO, Ry and bohr, cell of {len(found.cell)} atoms, mesh "
                f"{' x '.join(map(str, found.mesh))}"
                f"{width and f', dipoles put back with {width}'}"
            )
        ]
    else:
        found = read_phonopy(files)
        notes = found.notes
    charges, source, note = _charges(files, found)
    return balanced(
        found.cell, found.mesh, found.constants, *charges, (path, source), [*notes, note]
    )


def _charges(files, found):
    """(Born charges, ε∞), the file they are from, and a Note.

    They are those of the named file, of the constants' own, or of BORN beside it, in this order.
    """
    own, path = found.charges, files.constants
    beside = files.charges
    if beside == path or (beside is None and own is not None):
        if own is None:
            raise ConfigError(f"'{path}' holds no Born charges, but `born` names it for them")
        return own, path, Note(f"Born charges and ε∞ of '{path}'")
    if beside is None:
        raise ConfigError(
            f"'{path}': no Born charges; put phonopy's BORN beside it, or name the file with the "
            "key `born` (Quantum ESPRESSO: run ph.x with epsil = .true. on the insulator)"
        )
    read = _parse_born(found.cell, beside, path)
    if own is None:
        return read, beside, Note(f"Born charges and ε∞ of '{beside}'")
    apart = np.abs(read[0] - own[0]).max()
    share = np.abs(read[1] - own[1]).max() / np.abs(own[1]).max()
    differ = f"Born charges differ by up to {apart:.2g} e, ε∞ by {100 * share:.2g} %"
    if files.charges_named:
        said = f"Born charges and ε∞ of '{beside}', which is named; those of '{path}': {differ}"
        return read, beside, Note(said)
    if apart > _SAME_CHARGE or share > _SAME_DIELECTRIC:
        raise ConfigError(
            f"'{path}' and '{beside}' contradict each other: {differ}; name the one that counts "
            "with the key `born`"
        )
    said = f"Born charges and ε∞ of '{path}'; '{beside}' holds the same: {differ}"
    return own, path, Note(said)


def _parse_born(cell, born, path):
    try:
        found = parse_BORN(cell, filename=born)
    except BROKEN as error:
        raise ConfigError(
            f"'{born}': no BORN file of the cell of '{path}' ({one_line(error)}); it needs a line "
            "of ε∞ and one line of Z* for each inequivalent atom"
        ) from error
    return np.array(found["born"]), np.array(found["dielectric"])
