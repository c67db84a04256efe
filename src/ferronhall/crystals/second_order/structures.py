"""Displaced structures for any first-principles code, and the table its polarizations go into."""

import argparse
import sys
from pathlib import Path

import numpy as np
from phonopy.interface.vasp import write_vasp
from phonopy.structure.atoms import PhonopyAtoms

from ferronhall.base import yaml_files
from ferronhall.base.errors import DataFileError, FerronHallError
from ferronhall.crystals.second_order import data_set, polarizations, run_settings, runs
from ferronhall.crystals.second_order.data_files import CONTENT, TABLE

STRUCTURE = "POSCAR"
_OPEN = "to be filled in"


def write_structures(config, folder):
    """Write <folder>/<run>/POSCAR of every run, and a data set without polarizations.

    config : dict, a checked configuration of second-order runs
    returns : int, the number of structures
    raises : DataFileError where the folder already holds a table, which may be filled in
    """
    folder, section = Path(folder), config[run_settings.SECTION]
    table = folder / TABLE
    if table.exists():
        raise DataFileError(
            f"{table} exists and may hold polarizations; move it away, or name another folder"
        )
    found = runs.runs(section)
    for key, run in found.items():
        group = section["crystals"][run.crystal]
        atoms = displaced_atoms(group, run)
        path = folder / key / STRUCTURE
        path.parent.mkdir(parents=True, exist_ok=True)
        write_vasp(path, atoms)
    data_set.write_content(folder / CONTENT, config, _OPEN, _OPEN, _OPEN)
    polarizations.write([polarizations.empty_row(run) for run in found.values()], table)
    return len(found)


def displaced_atoms(group, run):
    """The displaced crystal of a run as PhonopyAtoms (Å), the atoms of an element together.

    group : dict, one crystal of a section
    run : runs.Displaced
    """
    pair, _ = runs.patterns(group, run.labels)
    crystal = runs.displaced(runs.parent(group), pair, run.amplitudes)
    # POTCAR then holds each element once
    order = np.argsort([group["species"].index(s) for s in crystal.symbols], kind="stable")
    return PhonopyAtoms(
        symbols=[crystal.symbols[n] for n in order],
        cell=np.diag([crystal.a, crystal.b or crystal.a, crystal.c]),
        scaled_positions=crystal.positions[order],
    )


def main(arguments=None, prog="ferronhall-structures"):
    """Write displaced structures for a code of your own; the exit status."""
    parser = argparse.ArgumentParser(prog=prog, description=main.__doc__)
    parser.add_argument("config", help="like config/first_principles/second_order.yaml")
    parser.add_argument("folder", help="for the structures, and the table to fill in")
    options = parser.parse_args(arguments)
    try:
        config = run_settings.check(yaml_files.read(options.config))
        count = write_structures(config, options.folder)
    except (FerronHallError, OSError) as error:
        print(f"No structures were written.\n{error}", file=sys.stderr)
        return 1
    print(f"written: {count} structures; polarizations go into {Path(options.folder, TABLE)}")
    return 0
