"""What is computed from first principles for each pair of modes: structures and their inputs."""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from ferronhall.base.digest import fingerprint
from ferronhall.base.errors import ConfigError
from ferronhall.crystals.first_principles import crystal as crystals
from ferronhall.crystals.first_principles.quantum_espresso import pw_input
from ferronhall.crystals.first_principles.quantum_espresso.plans import Step
from ferronhall.crystals.first_principles.quantum_espresso.settings import PlaneWaves, species
from ferronhall.crystals.second_order import charges, parents
from ferronhall.crystals.second_order.atom_patterns import ATOM, POLAR, atom_pattern, polar_pattern
from ferronhall.crystals.second_order.displacement_modes import mode_space, mode_spaces
from ferronhall.crystals.second_order.local_mode_chain import LOCAL, WAVES, chain_pattern
from ferronhall.crystals.second_order.selection_rule import mode_pair, sign_images

AXIS = 2
"""The polarization is computed along z."""

BASE = "base"
"""Name of the runs with a crystal's own settings."""


_STRINGS_THRESHOLD = 100
"""That of the bands on the strings over that of the density: no density follows from them."""


@dataclass(frozen=True)
class Displaced:
    """One structure, whichever code it is for.

    crystal : str
    labels : pair of str
        Of the modes or atoms displaced; the second is empty for one mode alone.
    amplitudes : pair of float, Å
        Order parameters Q_λ, Q_μ (Eq. 4).
    variation : str
        BASE, or the name of other settings.
    """

    crystal: str
    labels: tuple
    amplitudes: tuple
    variation: str

    @property
    def key(self):
        """Path of the run below its campaign's folder."""
        pair = "_".join(label.replace(",", "").replace(":", "") for label in self.labels if label)
        first, second = self.amplitudes
        return f"{self.crystal}/{pair}/{self.variation}/{first:+.3f}_{second:+.3f}"


@dataclass(frozen=True)
class Run(Displaced):
    """One structure with its settings for Quantum ESPRESSO.

    plane_waves : settings.PlaneWaves
    strings : pair of int
    string_points : int
    """

    plane_waves: PlaneWaves
    strings: tuple
    string_points: int


def runs(section):
    """Every run of a checked section, by key."""
    return {run.key: run for run in every_run(section)}


def every_run(section):
    """Every run of a section, in its order."""
    for name, group, entry, variation in entries(section, _VARIED):
        yield from _entry(name, group, entry, variation)


def entries(section, varied):
    """(crystal, its settings, pair of modes, variation) of a section, in its order.

    varied : sequence of str
        Settings that a variation may change.
    """
    for name, group in section["crystals"].items():
        for entry in group["pairs"]:
            yield name, group, entry, BASE
        for entry in group["variations"]:
            changed = {key: entry[key] for key in varied if key in entry}
            yield name, group | changed, entry, entry["name"]


_VARIED = ("functional", "cutoff_Ry", "k_mesh", "strings", "string_points", "threshold_Ry")


def parent(group):
    """The supercell (parents.Parent) of one crystal of a section."""
    return parents.supercell(
        group["family"], group["species"], group["lattice_constant_A"], group["supercell"]
    )


def patterns(group, labels):
    """The pair of patterns (n, 3) that labels name, and the signs that are images of each other.

    group : dict, one crystal of a section
    labels : pair of str
        Labels of mode spaces; atoms and directions as "atom:O1,x"; waves of local modes as
        "local:x,sin"; or "polar" and "".
    raises : ConfigError where a label is unknown, or symmetry forbids the dipole along z
    """
    cell = parent(group)
    if labels[0] == POLAR:
        pattern = polar_pattern(cell, AXIS)
        return (pattern, np.zeros_like(pattern)), ()
    if not labels[0].startswith((ATOM, LOCAL)):
        kind = (group["family"], tuple(group["species"]), tuple(group["supercell"]))
        spaces = _mode_spaces(*kind)
        pair = mode_pair(cell, *(mode_space(spaces, label) for label in labels), AXIS)
        return pair.patterns, pair.images
    if any(label.startswith(LOCAL) for label in labels) and tuple(labels) != tuple(WAVES):
        raise ConfigError(
            f"modes {' '.join(labels)}: of waves of local modes, {' and '.join(WAVES)} carry the "
            "dipole that tells the charge of a bond; name these two, in this order"
        )
    pair = tuple(
        atom_pattern(cell, label)
        if label.startswith(ATOM)
        else chain_pattern(cell, label, group["local_mode"])
        for label in labels
    )
    return pair, sign_images(cell, pair, AXIS)


@cache
def _mode_spaces(family, species, multiples):
    """Mode spaces, which depend on no lattice constant."""
    return mode_spaces(parents.supercell(family, species, 1.0, multiples))


def displacements(cell, pair, amplitudes):
    """Displacements (Å), shape (n, 3), of both patterns at their order parameters (Å)."""
    return sum(
        charges.displacement(pattern, amplitude, cell.cells)
        for pattern, amplitude in zip(pair, amplitudes, strict=True)
        if pattern.any()
    )


def displaced(cell, pair, amplitudes):
    """The crystal (crystal.Crystal) with both patterns at their order parameters (Å)."""
    moved = displacements(cell, pair, amplitudes)
    a, b, c = cell.edges
    phase = "cubic" if a == b == c else "tetragonal" if a == b else "orthorhombic"
    return crystals.Crystal(
        phase,
        float(a),
        float(c),
        cell.symbols,
        cell.positions + moved / cell.edges,
        None if a == b else float(b),
    )


def steps(section, run):
    """The runs of pw.x: ground state, then Berry phase along z; a list of plans.Step."""
    group = section["crystals"][run.crystal]
    cell = parent(group)
    crystal = displaced(cell, patterns(group, run.labels)[0], run.amplitudes)
    kinds = [kind for kind in species(section) if kind.symbol in cell.symbols]
    kinds.sort(key=lambda kind: cell.symbols.index(kind.symbol))
    return [
        Step("pw", "scf", pw_input.scf(crystal, kinds, run.plane_waves, section["prefix"])),
        Step(
            "pw",
            "berry",
            pw_input.berry_phase(
                crystal,
                kinds,
                replace(run.plane_waves, threshold=_STRINGS_THRESHOLD * run.plane_waves.threshold),
                section["prefix"],
                run.strings,
                run.string_points,
            ),
        ),
    ]


def inputs_digest(section, run):
    """Digest of the text of a run's inputs, which the collected results carry."""
    return fingerprint([step.text for step in steps(section, run)])


def _entry(name, group, entry, variation):
    plane_waves = PlaneWaves(
        group["cutoff_Ry"],
        group["density_cutoff_Ry"],
        tuple(group["k_mesh"]),
        group["k_shift"],
        group["functional"],
        group["threshold_Ry"],
    )
    for amplitudes in entry["amplitudes_A"]:
        yield Run(
            name,
            (*entry["modes"], "")[:2],
            tuple(amplitudes),
            variation,
            plane_waves,
            tuple(group["strings"]),
            group["string_points"],
        )
