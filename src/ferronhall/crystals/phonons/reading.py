"""Lattice dynamics from the files of phonopy or Quantum ESPRESSO, refused where they do not fit."""

import contextlib
import io
from pathlib import Path

import numpy as np
import phonopy
import yaml
from phonopy.file_IO import parse_BORN
from phonopy.interface.phonopy_yaml import read_phonopy_yaml

from ferronhall.base.errors import ConfigError
from ferronhall.crystals.phonons import calculators
from ferronhall.crystals.phonons.lattice_dynamics import LatticeDynamics, neutral, translation_free
from ferronhall.crystals.phonons.quantum_espresso import read_gamma, read_q2r

_BROKEN = (
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


def read_lattice_dynamics(path, born=None, outputs=()):
    """LatticeDynamics from a file of force constants.

    path : str or Path
        A `.fc` file of q2r.x, a `.dyn` file of ph.x at Γ, or phonopy's phonopy.yaml,
        phonopy_disp.yaml or phonopy_params.yaml with FORCE_SETS or FORCE_CONSTANTS in it or beside.
    born : str or Path, optional
        BORN file for phonopy's; without it, what the yaml holds or the BORN beside it.
    outputs : sequence of paths, optional
        Outputs of the program that phonopy_disp.yaml is of, one for each displacement.
    raises : ConfigError
    """
    path = Path(path)
    if not path.is_file():
        raise ConfigError(f"'{path}': there is no such file; give the file of the force constants")
    if path.suffix == ".fc":
        return read_q2r(path)
    if ".dyn" in path.name:
        return read_gamma(path)
    if outputs:
        with calculators.collected(path, outputs) as force_sets:
            return _read_phonopy(path, born, force_sets)
    return _read_phonopy(path, born)


def _read_phonopy(path, born, force_sets=None):
    beside = path.parent
    found = {name: beside / name for name in ("FORCE_SETS", "FORCE_CONSTANTS", "BORN")}
    found = {name: file for name, file in found.items() if file.is_file()}
    if force_sets:
        found = {"FORCE_SETS": force_sets, **{n: f for n, f in found.items() if n == "BORN"}}
    born = Path(born) if born else found.get("BORN")
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            crystal = phonopy.load(
                path,
                primitive_matrix="P",
                is_nac=False,
                force_sets_filename=found.get("FORCE_SETS"),
                force_constants_filename=found.get("FORCE_CONSTANTS"),
                is_compact_fc=True,
                log_level=0,
            )
    except _BROKEN as error:
        files = ", ".join(f"'{f}'" for f in (path, *(f for n, f in found.items() if n != "BORN")))
        raise ConfigError(
            f"{files}: phonopy cannot make force constants of this ({_one_line(error)}); the files "
            "are truncated or belong to different cells"
        ) from error
    if crystal.force_constants is None:
        raise ConfigError(
            f"'{path}' holds no forces; put FORCE_SETS or FORCE_CONSTANTS beside it, or save it "
            "with phonopy --include-all"
        )
    if np.abs(crystal.supercell_matrix - np.diag(np.diag(crystal.supercell_matrix))).max() > 0:
        raise ConfigError(f"'{path}': the supercell is not a multiple of the axes of the cell")
    charges, dielectric = _born(crystal, born, path)
    scale = calculators.constants_in_eV(crystal.calculator)
    primitive = crystal.primitive
    cell = calculators.in_angstrom(primitive, crystal.calculator)
    mesh = tuple(int(n) for n in np.diag(crystal.supercell_matrix))
    constants = crystal.force_constants
    if len(constants) == len(crystal.supercell):
        constants = constants[primitive.p2s_map]
    balanced = translation_free(cell, mesh, scale * constants)
    return LatticeDynamics(cell, mesh, balanced, neutral(charges, born or path), dielectric)


def _born(crystal, born, path):
    """Born charges and ε∞ of the file, or else those the yaml holds."""
    if born is not None:
        try:
            found = parse_BORN(crystal.primitive, filename=born)
        except _BROKEN as error:
            raise ConfigError(
                f"'{born}': no BORN file of the cell of '{path}' ({_one_line(error)}); it needs a "
                "line of ε∞ and one line of Z* for each inequivalent atom"
            ) from error
    else:
        found = read_phonopy_yaml(path).nac_params
        if found is None:
            raise ConfigError(
                f"'{path}': no Born charges; put phonopy's BORN beside it, or name the file with "
                "the key `born`"
            )
    if len(found["born"]) != len(crystal.primitive):
        raise ConfigError(
            f"'{born or path}': Born charges of {len(found['born'])} atoms, but the cell has "
            f"{len(crystal.primitive)}"
        )
    return np.array(found["born"]), np.array(found["dielectric"])


def _one_line(error):
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
