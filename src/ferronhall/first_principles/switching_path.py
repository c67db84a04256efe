"""Energy and polarization between the centrosymmetric and the polar structure, at fixed cell."""

import csv
import itertools
from dataclasses import dataclass

import numpy as np

from ferronhall import units
from ferronhall.errors import FirstPrinciplesError
from ferronhall.first_principles.crystal import reference
from ferronhall.first_principles.plans import on_path
from ferronhall.storage import replacing

_AMBIGUOUS = 0.25
"""Step between neighbours, in quanta, from which the branch is in doubt: half way to the limit."""


@dataclass(frozen=True)
class SwitchingPath:
    """The path's points, in rising λ.

    lambdas : ndarray, shape (m,)
    displacements : ndarray, shape (m, n), Å
        Of every atom along the polar axis z, from the centrosymmetric positions.
    energies : ndarray, shape (m,), eV per formula unit
    polarization : ndarray, shape (m,), C/m²
        Along z, less that at λ = 0, on the branch that goes through it.
    quantum : float, C/m²
        By which a Berry phase leaves the polarization open.
    """

    lambdas: np.ndarray
    displacements: np.ndarray
    energies: np.ndarray
    polarization: np.ndarray
    quantum: float

    @property
    def barrier(self):
        """E(λ = 0) − E(λ = 1) (meV per formula unit)."""
        drop = self.energies[self._index(0)] - self.energies[self._index(1)]
        return float(drop * units.MEV)

    @property
    def spontaneous_polarization(self):
        """Polarization of the relaxed structure, λ = 1 (C/m²)."""
        return float(self.polarization[self._index(1)])

    def _index(self, coordinate):
        return int(np.argmin(np.abs(self.lambdas - coordinate)))


def assemble(section, relaxed, energies, polarizations):
    """The switching path from the results at its points.

    section : dict, a checked first-principles section
    relaxed : crystal.Crystal
        The end of the path, λ = 1.
    energies : sequence of float, eV, one a point
    polarizations : sequence of pw_output.Polarization, one a point
    raises : FirstPrinciplesError when the branch of the polarization is in doubt
    """
    lambdas = np.array(section["path"]["lambdas"])
    centre = reference(section)[:, 2]
    moved = [(on_path(section, relaxed, x).positions[:, 2] - centre) * relaxed.c for x in lambdas]
    per_volume = units.COULOMB_PER_M2 / relaxed.volume
    quantum = polarizations[0].quantum * per_volume
    values = np.array([p.value for p in polarizations]) * per_volume
    return SwitchingPath(
        lambdas,
        np.array(moved),
        np.array(energies),
        follow_branch(values, quantum, lambdas),
        quantum,
    )


def follow_branch(values, quantum, lambdas):
    """Polarization on one branch, relative to λ = 0.

    values : ndarray, shape (m,), each known up to a multiple of `quantum`
    raises : FirstPrinciplesError where neighbours differ by a quarter of the quantum or more
    """
    steps = np.diff(values)
    steps -= quantum * np.round(steps / quantum)
    for step, (left, right) in zip(steps, itertools.pairwise(lambdas), strict=True):
        if abs(step) >= _AMBIGUOUS * quantum:
            raise FirstPrinciplesError(
                f"first_principles.path.lambdas: between {left:g} and {right:g} the polarization "
                f"changes by {step:.4f} C/m², a quarter of its quantum ({quantum:.4f} C/m²) or "
                "more, so its branch is in doubt; put a point between them"
            )
    branch = np.concatenate([[0.0], np.cumsum(steps)])
    return branch - branch[int(np.argmin(np.abs(np.asarray(lambdas))))]


def write(path, labels, file):
    """Write a path as CSV, a row a point.

    path : SwitchingPath
    labels : sequence of str, one an atom
    """
    columns = ["lambda", "energy_eV", "polarization_C_per_m2", "polarization_quantum_C_per_m2"]
    moves = [f"dz_{label}_A" for label in labels]
    with replacing(file) as temporary, open(temporary, "w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([*columns, *moves])
        for x, energy, polar, displacement in zip(
            path.lambdas, path.energies, path.polarization, path.displacements, strict=True
        ):
            row = [f"{x:.3f}", f"{energy:.9f}", f"{polar:.7f}", f"{path.quantum:.7f}"]
            writer.writerow([*row, *(f"{d:.9f}" for d in displacement)])


def labels(symbols):
    """A name for every atom: the symbol, numbered where several share it."""
    counts = {}
    named = []
    for symbol in symbols:
        counts[symbol] = counts.get(symbol, 0) + 1
        named.append(f"{symbol}{counts[symbol]}" if symbols.count(symbol) > 1 else symbol)
    return named
