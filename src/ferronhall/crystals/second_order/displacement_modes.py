"""Displacement patterns of a parent crystal by symmetry: irrep, arm of its star, and sublattice."""

from dataclasses import dataclass

import numpy as np

from ferronhall.base.errors import ConfigError
from ferronhall.crystals.second_order.irreps import irreps
from ferronhall.crystals.second_order.parents import symmetric_supercell
from ferronhall.crystals.second_order.symmetry_action import parent_group, symmetry_action

_AXES = "xyz"
_SMALL = 1e-9


@dataclass(frozen=True)
class ModeSpace:
    """All patterns of one sublattice that transform alike at one arm.

    label : str
        As "X5-,z:O": irrep, direction of the wave vector, element. Where the site tells directions
        along and across its bond apart, "_bond" or "_normal" follows.
    irrep : str
    arm : ndarray, shape (3,)
        Wave vector, fractional in the primitive reciprocal basis.
    patterns : ndarray, shape (d, n, 3)
        Orthonormal; along single axes, the first entry of each that is not zero positive.
    rotations : ndarray, shape (l, 3, 3)
        Cartesian rotations of the arm's little group.
    matrices : ndarray, shape (l, d, d)
        What they, without translation, make of the patterns.
    """

    label: str
    irrep: str
    arm: np.ndarray
    patterns: np.ndarray
    rotations: np.ndarray
    matrices: np.ndarray


def mode_spaces(parent):
    """Every ModeSpace that is periodic in a parent's supercell, by label.

    parent : parents.Parent
        Its wave vectors are all half a reciprocal lattice vector, or zero, so patterns are real.
    """
    full = symmetric_supercell(parent)
    group = parent_group(full)
    action = symmetry_action(full, group)
    origin = int(np.flatnonzero(~group.lattice_points.any(axis=1))[0])
    bare = {r: k for k, (r, point) in enumerate(action.which) if point == origin}
    fold, atoms = _folding(full, parent), len(full.symbols)
    found = {}
    for irrep in irreps(group):
        for arm, little, small in zip(irrep.arms, irrep.little, irrep.small, strict=True):
            wave = np.round(group.conventional(arm), 9)
            turns = wave * parent.multiples
            if np.abs(turns - np.rint(turns)).max() > _SMALL:
                continue
            projector = _projector(group, action, arm, little, small)
            for element, direction, subspace in _sublattices(full):
                basis = _range(subspace @ projector @ subspace)
                if not len(basis):
                    continue
                patterns = _aligned(basis).reshape(-1, atoms, 3)
                moved = [action.on(patterns, bare[r]) for r in little]
                label = f"{irrep.label}{_arm_name(wave)}:{element}{direction}"
                found[label] = ModeSpace(
                    label,
                    irrep.label,
                    arm,
                    patterns[:, fold] * np.sqrt(full.cells / parent.cells),
                    group.cartesian_rotations[little],
                    np.einsum("akb,lckb->lac", patterns, moved),
                )
    return found


def mode_space(spaces, label):
    """One of the spaces, by label.

    raises : ConfigError naming the labels there are
    """
    if label not in spaces:
        raise ConfigError(f"mode '{label}' is not one of this crystal: {', '.join(spaces)}")
    return spaces[label]


def _folding(full, parent):
    """Which atom of the larger cell is each atom of the smaller one."""
    offset = (parent.positions * parent.edges)[:, None] - (full.positions * full.edges)[None]
    offset -= full.edges * np.rint(offset / full.edges)
    return np.linalg.norm(offset, axis=2).argmin(axis=1)


def _projector(group, action, arm, little, small):
    """The projection (3n × 3n) on all that transforms like a small representation at an arm."""
    characters = dict(zip(little, np.trace(small, axis1=1, axis2=2), strict=True))
    size = 3 * action.permutations.shape[1]
    basis = np.eye(size).reshape(size, -1, 3)
    total = np.zeros((size, size), complex)
    count = 0
    for k, (rotation, point) in enumerate(action.which):
        if rotation in characters:
            phase = np.exp(2j * np.pi * group.lattice_points[point] @ arm)
            moved = action.on(basis, k).reshape(size, size).T
            total += characters[rotation].conj() * phase * moved
            count += 1
    return (total * small.shape[-1] / count).real


def _sublattices(parent):
    """(element, direction class, projection on it) of every kind of site and direction."""
    for role in dict.fromkeys(parent.roles):
        chosen = np.array([r == role for r in parent.roles])
        element = parent.symbols[int(chosen.argmax())]
        if parent.family == "perovskite" and role == "O":
            along = _bond_axes(parent)
            for name, mask in (("_bond", along), ("_normal", 1 - along)):
                yield element, name, np.diag((mask * chosen[:, None]).ravel())
        else:
            yield element, "", np.diag(np.repeat(chosen, 3).astype(float))


def _bond_axes(parent):
    """1 for the Cartesian direction of an atom's bond to its nearest B, shape (n, 3)."""
    places = parent.positions * parent.edges
    centres = places[[role == "B" for role in parent.roles]]
    offset = (places[:, None] - centres[None]) / parent.edges
    offset = (offset - np.rint(offset)) * parent.edges
    nearest = np.linalg.norm(offset, axis=2).argmin(axis=1)
    bonds = np.abs(offset[np.arange(len(places)), nearest])
    return (bonds > 0.5 * bonds.max(axis=1, keepdims=True)).astype(float)


def _range(projector):
    """Orthonormal rows that span what a projection keeps."""
    values, vectors = np.linalg.eigh((projector + projector.T) / 2)
    return vectors[:, values > 1 - 1e-6].T


def _aligned(basis):
    """The same space in vectors along single Cartesian axes, where there are such."""
    weights = np.tile([0.0, 1.0, 2.0], basis.shape[1] // 3)
    turned = np.linalg.eigh(basis * weights @ basis.T)[1].T @ basis
    turned[np.abs(turned) < _SMALL] = 0.0
    first = np.array([row[np.abs(row) > _SMALL][0] for row in turned])
    return turned * np.sign(first)[:, None]


def _arm_name(wave):
    """The direction of a wave vector along an axis, as ",z"; nothing at Γ."""
    if not wave.any():
        return ""
    return "," + "".join(axis for axis, component in zip(_AXES, wave, strict=True) if component)
