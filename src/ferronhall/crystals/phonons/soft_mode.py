"""The local mode: the unstable polar modes of the cubic crystal at Γ (Table S7)."""

from dataclasses import dataclass

import numpy as np
import spglib

from ferronhall.base.errors import ConfigError
from ferronhall.crystals.phonons.elements import element

_DEGENERATE_THZ = 0.05
_POLAR_E = 0.5
"""Smallest mode charge (e, for a mode normalised to 1 on one atom) that counts as polar."""

_ALIGNED = 1e-3
"""Largest component across its axis that a polar member of a cubic crystal may have."""

_SYMPREC = 1e-4


@dataclass(frozen=True)
class SoftMode:
    """The threefold unstable polar mode.

    frequency : float, THz, negative for imaginary
    b_site : int
        Atom on which the mode is normalised, and at which its local modes are centred.
    eigenvector : ndarray, shape (3, n, 3)
        Displacement of every atom for each Cartesian coordinate, 1 on the B site.
    """

    frequency: float
    b_site: int
    eigenvector: np.ndarray


def find_soft_mode(dynamics, b_site=None):
    """The most unstable threefold polar mode at Γ.

    dynamics : LatticeDynamics of the cubic crystal
    b_site : str, optional
        Element, or index (from 0) in digits, of the atom the mode is normalised on; by default
        the cation with the largest weight in it.
    raises : ConfigError where the crystal is not cubic or has no such instability
    """
    _require_cubic(dynamics.cell)
    n = len(dynamics.cell.masses)
    roots = np.sqrt(np.repeat(dynamics.cell.masses, 3))
    hessian = dynamics.hessian(np.zeros(3)).real.reshape(3 * n, 3 * n) / np.outer(roots, roots)
    vectors = np.linalg.eigh(hessian)[1]
    frequencies = dynamics.frequencies(np.zeros(3))
    displacements = (vectors.T / roots).reshape(3 * n, n, 3)
    members = _unstable_polar(dynamics, frequencies, displacements)
    index = _index(dynamics, b_site, displacements[members])
    at_site = displacements[members][:, index, :]
    if abs(np.linalg.det(at_site)) < 1e-12 * np.abs(displacements[members]).max() ** 3:
        symbol = dynamics.cell.symbols[index]
        raise ConfigError(f"b_site: {symbol} (atom {index}) does not move in the soft mode")
    rotated = np.einsum("ak,kni->ani", np.linalg.inv(at_site), displacements[members])
    across = max(np.abs(np.delete(rotated[a], a, axis=1)).max() for a in range(3))
    if across > _ALIGNED:
        raise ConfigError(
            f"the members of the soft mode are not polar along the axes (up to {across:.2g} across "
            "them), so the cell is not in the standard cubic setting; turn its axes along x, y, z"
        )
    return SoftMode(float(frequencies[members].mean()), index, rotated)


def _unstable_polar(dynamics, frequencies, displacements):
    """Slice of the lowest threefold set of modes that is unstable and polar."""
    for start in range(len(frequencies) - 2):
        members = slice(start, start + 3)
        if frequencies[members].max() > -_DEGENERATE_THZ:
            break
        charges = np.einsum("nij,mnj->mi", dynamics.born, displacements[members])
        charges /= np.abs(displacements[members]).max()
        close = np.ptp(frequencies[members]) < _DEGENERATE_THZ
        if close and np.linalg.svd(charges, compute_uv=False).min() > _POLAR_E:
            return members
    listed = ", ".join(f"{f:.2f}" for f in frequencies[:6])
    raise ConfigError(
        "the crystal has no unstable, threefold, polar mode at Γ, so it has no local mode for this "
        f"model; its lowest frequencies are {listed} THz (negative: imaginary). Give the force "
        "constants of the cubic paraelectric phase"
    )


def _index(dynamics, b_site, displacements):
    symbols = list(dynamics.cell.symbols)
    if b_site is not None and b_site.isdigit():
        if int(b_site) >= len(symbols):
            raise ConfigError(f"b_site: {b_site} is not among the atoms 0 to {len(symbols) - 1}")
        return int(b_site)
    if b_site is not None:
        try:
            found = element(b_site)
        except ConfigError as error:
            raise ConfigError(f"b_site: {error}") from error
        if symbols.count(found) != 1:
            raise ConfigError(
                f"b_site: '{b_site}' names {symbols.count(found)} atoms of the cell "
                f"({', '.join(symbols)}); name one, or give its index"
            )
        return symbols.index(found)
    positive = np.trace(dynamics.born, axis1=1, axis2=2) > 0
    weights = dynamics.cell.masses * (displacements**2).sum(axis=(0, 2))
    return int(np.argmax(np.where(positive, weights, -1)))


def _require_cubic(cell):
    kinds = np.unique(cell.symbols, return_inverse=True)[1]
    content = (cell.cell, cell.scaled_positions, kinds)
    found = spglib.get_symmetry_dataset(content, symprec=_SYMPREC)
    lattice = np.array(cell.cell)
    simple = np.abs(lattice - lattice[0, 0] * np.eye(3)).max() < _SYMPREC * lattice[0, 0]
    if found is None or found.number < 195 or not simple:
        name = found.international if found is not None else "unknown"
        raise ConfigError(
            f"the cell is not simple cubic (space group {name}, lattice "
            f"{np.round(lattice, 4).tolist()} Å); give the force constants of the cubic phase with "
            "its axes along x, y, z"
        )
