"""A cell with edges along x, y, z: a perovskite's primitive one, or a supercell of it."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import yaml

from ferronhall.base.errors import DataFileError


@dataclass(frozen=True)
class Crystal:
    """Cell and atoms.

    phase : "cubic", "tetragonal" or "orthorhombic"
        Which edges are equal: all, those across z, or none.
    a, c : float, Å
        Edges along x and z.
    symbols : tuple of str, length n
    positions : ndarray, shape (n, 3), fractional
    b : float, Å
        Edge along y; None where it equals a.
    """

    phase: str
    a: float
    c: float
    symbols: tuple
    positions: np.ndarray
    b: float | None = None

    @property
    def volume(self):
        """Ω (Å³)."""
        return self.a * (self.b or self.a) * self.c

    def at(self, positions):
        """The same cell with atoms at other fractional positions, shape (n, 3)."""
        return replace(self, positions=np.asarray(positions, float))


def reference(section):
    """Fractional positions of the centrosymmetric structure, shape (n, 3)."""
    return np.array([atom["position"] for atom in section["atoms"]], float)


def start(section, phase):
    """The crystal a phase's relaxation starts from, or is, where nothing is relaxed.

    section : dict, a checked first-principles section
    """
    group, positions = section[phase], reference(section)
    symbols = tuple(atom["species"] for atom in section["atoms"])
    if phase == "cubic":
        return Crystal(
            phase, group["lattice_constant_A"], group["lattice_constant_A"], symbols, positions
        )
    positions[:, 2] += [atom["polar_shift"] for atom in section["atoms"]]
    return Crystal(phase, group["a_A"], group["c_A"], symbols, positions)


def labels(symbols):
    """A name for every atom: the symbol, numbered where several share it.

    symbols : tuple of str
    """
    return [
        f"{symbol}{symbols[: n + 1].count(symbol)}" if symbols.count(symbol) > 1 else symbol
        for n, symbol in enumerate(symbols)
    ]


def content(crystal):
    """A crystal as JSON and YAML can hold it."""
    return {
        "phase": crystal.phase,
        "a_A": float(crystal.a),
        "c_A": float(crystal.c),
        "atoms": [
            {"species": symbol, "position": position.tolist()}
            for symbol, position in zip(crystal.symbols, crystal.positions, strict=True)
        ],
    }


def read(path):
    """Crystal from the YAML file that holds its `content`.

    raises : FileNotFoundError, which tells Snakemake that the structure is still to be made, or
        DataFileError when the file is damaged
    """
    text = Path(path).read_text(encoding="utf-8")
    try:
        found = yaml.safe_load(text)
        return Crystal(
            found["phase"],
            found["a_A"],
            found["c_A"],
            tuple(atom["species"] for atom in found["atoms"]),
            np.array([atom["position"] for atom in found["atoms"]], float),
        )
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise DataFileError(
            f"{path}: no readable structure ({error}); to have it made anew move it to another "
            "folder and run again"
        ) from error
