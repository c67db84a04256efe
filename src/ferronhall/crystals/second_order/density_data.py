"""Polar parts of first-principles densities on disk, and the command that makes them.

A folder holds `density.yaml`, which describes the parent crystal and the runs, and `polar.csv`: one
row a wave, one column a pair of modes (see polar_density).
"""

import argparse
import csv
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ferronhall.base import schema, yaml_files
from ferronhall.base.errors import ConfigError, DataFileError, FerronHallError
from ferronhall.base.storage import replacing
from ferronhall.crystals.second_order.density_files import read_density
from ferronhall.crystals.second_order.polar_density import condensed, polar_part, restored
from ferronhall.crystals.second_order.space_group import space_group

DESCRIPTION, WAVES = "density.yaml", "polar.csv"


@dataclass(frozen=True)
class ParentCrystal:
    """A parent crystal and the pairs of modes that were frozen into it.

    content : dict
        Of the file, checked (base/schemas/density.schema.yaml), defaults filled in.
    lattice : ndarray, shape (3, 3), Å
        Rows are the primitive vectors.
    symbols : list of str
    positions : ndarray, shape (n, 3), fractional in the primitive cell
    """

    content: dict
    lattice: np.ndarray
    symbols: list
    positions: np.ndarray

    @property
    def group(self):
        """Space group in the primitive cell."""
        elements = sorted(set(self.symbols))
        return space_group(self.lattice, self.positions, [elements.index(s) for s in self.symbols])


def read_parent(folder):
    """The ParentCrystal of a folder's density.yaml; DataFileError where it cannot be used."""
    path = Path(folder, DESCRIPTION)
    try:
        content = schema.fill(yaml_files.read_checked(path, "density", "density"), "density")
        schema.report([f"density: '{path}' cannot be used: {m}" for m in _inconsistent(content)])
    except ConfigError as error:
        raise DataFileError(str(error)) from error
    return ParentCrystal(
        content,
        np.array(content["lattice_A"]),
        [symbol for symbol, *_ in content["atoms"]],
        np.array([position for _, *position in content["atoms"]], dtype=float),
    )


def _inconsistent(content):
    if "site" in content and "site_isovalue" not in content:
        yield "site_isovalue: missing beside site; add it, or leave both out"
    if content.get("site", 0) >= len(content["atoms"]):
        yield f"site: {content['site']} is not among the atoms 0 to {len(content['atoms']) - 1}"
    for pair in content["drawn"]:
        if pair not in content["pairs"]:
            yield f"drawn: '{pair}' is not among the pairs ({', '.join(content['pairs'])})"


def read_polar_parts(folder):
    """Pair -> Density, the polar part in the primitive cell; DataFileError where it cannot be."""
    parent, path = read_parent(folder), Path(folder, WAVES)
    try:
        with open(path, encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream)
        miller = np.array([row[:3] for row in rows], dtype=int).reshape(-1, 3)
        columns = dict(zip(header[3:], np.array([r[3:] for r in rows], dtype=float).T, strict=True))
        chosen = {pair: columns[pair] for pair in parent.content["pairs"]}
    except (OSError, ValueError, KeyError) as error:
        raise DataFileError(
            f"{path}: cannot be used ({error}); make it with ferronhall-density"
        ) from error
    return {pair: restored(miller, column, parent.group) for pair, column in chosen.items()}


def reduce_runs(folder, runs):
    """Write a folder's polar.csv from runs/<pair>/charge-density.dat or CHGCAR; the waves' number.

    raises : DataFileError, SymmetryError
    """
    parent = read_parent(folder)
    group, columns = parent.group, {}
    for pair in parent.content["pairs"]:
        density = read_density(_density_file(Path(runs, pair)))
        miller, amplitudes = condensed(polar_part(density, group), group)
        columns[pair] = dict(zip(map(tuple, miller.tolist()), amplitudes, strict=True))
    waves = sorted(set().union(*columns.values()))
    with replacing(Path(folder, WAVES)) as path, open(path, "w", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["h", "k", "l", *columns])
        for wave in waves:
            amplitudes = (column.get(wave, 0.0) for column in columns.values())
            writer.writerow([*wave, *(f"{a:.6e}" for a in amplitudes)])
    return len(waves)


def _density_file(folder):
    """The density of a run: that of pw.x where there is one."""
    other = folder / "CHGCAR"
    own = folder / "charge-density.dat"
    return other if other.is_file() and not own.is_file() else own


def main(arguments=None, prog="ferronhall-density"):
    """Reduce the densities of a crystal's runs to their polar parts; the exit status."""
    parser = argparse.ArgumentParser(prog=prog, description=main.__doc__)
    parser.add_argument("folder", help="with density.yaml, like data/second-order/HfO2/density")
    parser.add_argument("runs", help="with <pair>/charge-density.dat (pw.x) or CHGCAR (VASP)")
    options = parser.parse_args(arguments)
    try:
        count = reduce_runs(options.folder, options.runs)
    except FerronHallError as error:
        print(f"No densities were written.\n{error}", file=sys.stderr)
        return 1
    print(f"written: {Path(options.folder, WAVES)}, {count} waves")
    return 0
