"""Branches along lines of high symmetry: the crystal's, and those the local-mode model keeps."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ferronhall.crystals.phonons.short_range_fit import shell_basis
from ferronhall.model import dipole

CUBIC = (
    ("Γ", (0, 0, 0)),
    ("X", (0, 0.5, 0)),
    ("M", (0.5, 0.5, 0)),
    ("Γ", (0, 0, 0)),
    ("R", (0.5, 0.5, 0.5)),
)
"""Corners of the path through the zone of the cubic crystal, fractions."""

TETRAGONAL = (
    ("Γ", (0, 0, 0)),
    ("X", (0, 0.5, 0)),
    ("M", (0.5, 0.5, 0)),
    ("Γ", (0, 0, 0)),
    ("Z", (0, 0, 0.5)),
    ("R", (0, 0.5, 0.5)),
    ("A", (0.5, 0.5, 0.5)),
    ("Z", (0, 0, 0.5)),
)

_PER_SEGMENT = 61


@dataclass(frozen=True)
class ZonePath:
    """Wave vectors along a path.

    waves : ndarray, shape (m, 3), fractions; a corner comes once for each of its segments
    distance : ndarray, shape (m,), 1/Å
        Length along the path, 2π included.
    corners : ndarray, shape (c,), 1/Å
    labels : list of str, length c
    segments : list of slices
    """

    waves: np.ndarray
    distance: np.ndarray
    corners: np.ndarray
    labels: list
    segments: list


def zone_path(corners, lattice, per_segment=_PER_SEGMENT):
    """ZonePath through named corners of the zone of a lattice (rows its vectors, Å)."""
    reciprocal = 2 * np.pi * np.linalg.inv(lattice).T
    waves, distance, marks, segments = [], [], [0.0], []
    for (_, begin), (_, end) in pairwise(corners):
        steps = np.linspace(0, 1, per_segment)[:, None]
        waves.append(np.array(begin) + steps * (np.array(end) - np.array(begin)))
        length = np.linalg.norm((np.array(end) - np.array(begin)) @ reciprocal)
        distance.append(marks[-1] + steps[:, 0] * length)
        segments.append(slice(len(segments) * per_segment, (len(segments) + 1) * per_segment))
        marks.append(marks[-1] + length)
    labels = [label for label, _ in corners]
    return ZonePath(
        np.concatenate(waves), np.concatenate(distance), np.array(marks), labels, segments
    )


def crystal_branches(dynamics, path, with_dipoles):
    """Frequencies along a path (THz), imaginary ones negative, shape (m, 3n).

    dynamics : LatticeDynamics
    with_dipoles : bool
        Whether the non-analytical term is added; at Γ it is then that of the segment's direction.
    """
    crystal = dynamics.known_phonopy(with_dipoles)
    found = []
    for segment in path.segments:
        waves = path.waves[segment]
        along = waves[-1] - waves[0]
        for q in waves:
            at_origin = with_dipoles and np.abs(q).max() < 1e-9
            crystal.run_qpoints([q], nac_q_direction=along if at_origin else None)
            found.append(np.sort(crystal.qpoints.frequencies[0]))
    return np.array(found)


def model_branches(material, preset, path, stiffness, eta_a):
    """Frequencies of the local modes of the cubic crystal (THz), shape (m, 3).

    preset : short_range.Preset
    stiffness : float, eV/Å²
        K(0), which all three components have on site: the projected force constants at Γ.
    returns : those of [K(0) + K_sr(q) + K_dip(q)]/M, at Γ with the dipoles of the segment's
        direction, imaginary ones negative
    """
    waves = path.waves.copy()
    for segment in path.segments:
        for k in range(segment.start, segment.stop):
            if np.abs(waves[k]).max() < 1e-9:
                direction = path.waves[segment.stop - 1] - path.waves[segment.start]
                waves[k] = 1e-6 * direction
    kernel = model_kernel(preset.shells, preset.dipole_kernel, waves, material, eta_a)
    return frequencies(np.linalg.eigvalsh(kernel) + stiffness, material)


def model_kernel(shells, kernel_name, waves, material, eta_a):
    """K_sr(q) + K_dip(q) of the local-mode model (eV/Å²), shape (m, 3, 3).

    shells : sequence of 7 floats, eV/Å²
    waves : array, shape (m, 3), fractions
    """
    q = 2 * np.pi * waves.T / material.lattice_constant
    dipoles = np.moveaxis(dipole.dipole_kernel(kernel_name, q, material, eta_a), -1, 0)
    return np.tensordot(shells, shell_basis(waves), axes=1) + dipoles


def frequencies(stiffness, material):
    """Frequencies of local modes (THz) of given stiffness (eV/Å²), imaginary ones negative."""
    squares = stiffness / material.mass[0, 0]
    return np.sign(squares) * np.sqrt(np.abs(squares)) / (2 * np.pi)
