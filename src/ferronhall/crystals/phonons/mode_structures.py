"""Structures of the cubic cell along superpositions of the soft mode, for a code of one's own."""

import csv
from pathlib import Path

import numpy as np
import yaml
from phonopy.interface.vasp import write_vasp
from phonopy.structure.atoms import PhonopyAtoms

from ferronhall.base.errors import DataFileError
from ferronhall.crystals.first_principles.crystal import labels
from ferronhall.crystals.phonons.double_well import project_displacement
from ferronhall.crystals.phonons.mode_paths import KEY

DIRECTIONS = ((1, 0, 0), (1, 1, 0), (1, 1, 1))

LAMBDAS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5)
"""Amplitudes over u0 of the switching path."""


def write_mode_paths(data, folder):
    """Write <folder>/<direction>/<λ>/POSCAR, and <folder>/<direction>.csv without energies.

    data : FirstPrinciples
    folder : str or Path
    returns : str, what the data file has to say of them, with paths relative to `folder`
    raises : DataFileError where a table is there already, which may be filled in
    """
    folder, cell = Path(folder), data.cubic.cell
    patterns = data.soft_mode.eigenvector
    u0 = abs(project_displacement(data.path.displacement, patterns[2, :, 2])[0])
    edge = float(cell.cell[0, 0])
    tables = {direction: _table(folder, direction) for direction in DIRECTIONS}
    for table in tables.values():
        if table.exists():
            raise DataFileError(
                f"{table} exists and may hold energies; move it away, or name another folder"
            )
    entries = []
    for direction, table in tables.items():
        unit = np.array(direction) / np.linalg.norm(direction)
        moved = u0 * np.einsum("a,ani->ni", unit, patterns)
        for progress in LAMBDAS:
            path = folder / table.stem / f"{progress:.2f}" / "POSCAR"
            path.parent.mkdir(parents=True, exist_ok=True)
            write_vasp(path, _displaced(cell, progress * moved))
        _write_table(table, cell, direction, moved)
        entries.append(
            {"path": table.name, "direction": list(direction), "edges_A": 3 * [round(edge, 6)]}
        )
    return yaml.safe_dump({KEY: {"paths": entries}}, sort_keys=False, default_flow_style=None)


def _table(folder, direction):
    return folder / f"mode_{''.join(map(str, direction))}.csv"


def _displaced(cell, moved):
    """The cell with displaced atoms (Å); those of an element are together, as POTCAR has them."""
    order = np.argsort([list(cell.symbols).index(s) for s in cell.symbols], kind="stable")
    places = cell.scaled_positions + moved / np.diag(cell.cell)
    return PhonopyAtoms(
        symbols=[cell.symbols[n] for n in order], cell=cell.cell, scaled_positions=places[order]
    )


def _write_table(table, cell, direction, moved):
    names = labels(cell.symbols)
    columns = [(n, c) for c in range(3) if direction[c] for n in range(len(names))]
    with open(table, "w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        header = [f"d{'xyz'[c]}_{names[n]}_A" for n, c in columns]
        writer.writerow(["lambda", "energy_eV", *header])
        for progress in LAMBDAS:
            row = [f"{progress * moved[n, c]:.9f}" for n, c in columns]
            writer.writerow([f"{progress:g}", "", *row])
