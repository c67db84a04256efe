"""Where phonopy's force constants and forces are: in its YAML file and in the files beside it."""

import contextlib
import io

import numpy as np
import yaml
from phonopy.cui.load_helper import read_force_constants_from_hdf5
from phonopy.file_IO import parse_FORCE_CONSTANTS, parse_FORCE_SETS
from phonopy.harmonic.force_constants import full_fc_to_compact_fc
from phonopy.structure.dataset import forces_in_dataset, get_displacements_and_forces

from ferronhall.base.errors import ConfigError
from ferronhall.crystals.phonons import calculators, recognition

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


def sources(files, content, crystal):
    """(name, force constants or displacements with forces) of what there is, in order."""
    if _are_outputs(files):
        yield _forces_in_outputs(files, content, crystal)
        return
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


def _are_outputs(files):
    """Whether the named files are outputs of a program, by what is in them.

    raises : ConfigError for a file that may not stand there
    """
    if not files.forces_named or files.forces == (files.constants,):
        return False
    kinds = [recognition.require_forces(file) for file in files.forces]
    own = [file for file, kind in zip(files.forces, kinds, strict=True) if kind]
    if own and len(files.forces) > 1:
        raise ConfigError(
            f"forces: '{own[0]}' is one of phonopy's files, which counts alone; name it alone, or "
            "outputs of a program alone"
        )
    return not own


def _forces_in_outputs(files, content, crystal):
    first, *_, last = files.forces * 2
    name = f"'{first}'" if first == last else f"'{first}' … '{last}'"
    with calculators.collected(files.constants, content, files.forces) as force_sets:
        return f"outputs {name}", _force_sets(force_sets, crystal)


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
            return _force_sets(file, crystal)
    except BROKEN as error:
        raise ConfigError(
            f"'{files.constants}', '{file}': phonopy cannot make force constants of this "
            f"({one_line(error)}); the files are truncated or belong to different cells"
        ) from error


def _force_sets(file, crystal):
    dataset = parse_FORCE_SETS(file)
    atoms = len(crystal.supercell)
    if "displacements" in dataset:
        dataset = parse_FORCE_SETS(file, natom=atoms)
    elif dataset["natom"] != atoms:
        raise ValueError(f"{dataset['natom']} atoms, but the supercell has {atoms}")
    return dataset


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


def one_line(error):
    """The first line of an exception's message, or its name."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
