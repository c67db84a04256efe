"""What the crystal's symmetry asks of force constants and Born charges, and how far they are off.

Force constants are taken on the mesh here: C[a, b, R] couples atom a of one cell to atom b of the
cell R further on, R modulo the mesh.
"""

from dataclasses import dataclass

import numpy as np
import spglib

_SYMPREC = 1e-4
"""Distance (Å) within which an operation has to bring an atom onto another."""


@dataclass(frozen=True)
class _Operation:
    """A symmetry of the crystal: fractional rotation, Cartesian one, where each atom goes."""

    rotation: np.ndarray
    cartesian: np.ndarray
    atoms: np.ndarray
    cells: np.ndarray


def operations(cell, mesh=(1, 1, 1)):
    """The operations of the space group that leave the supercell as it is.

    cell : phonopy.structure.atoms.PhonopyAtoms
    mesh : tuple of 3 ints
    returns : list of _Operation
    """
    kinds = np.unique(cell.symbols, return_inverse=True)[1]
    lattice, places = np.array(cell.cell), np.array(cell.scaled_positions)
    found = spglib.get_symmetry((lattice, places, kinds), symprec=_SYMPREC)
    rotations = found["rotations"] if found else [np.eye(3, dtype=int)]
    translations = found["translations"] if found else [np.zeros(3)]
    kept = []
    for rotation, translation in zip(rotations, translations, strict=True):
        of_mesh = rotation * np.array(mesh)[None, :] / np.array(mesh)[:, None]
        if np.abs(of_mesh - np.rint(of_mesh)).max() > 1e-9:
            continue
        moved = places @ rotation.T + translation
        offset = moved[:, None] - places[None]
        away = np.linalg.norm((offset - np.rint(offset)) @ lattice, axis=2)
        away[kinds[:, None] != kinds[None]] = np.inf
        atoms = away.argmin(axis=1)
        cells = np.rint(moved - places[atoms]).astype(int)
        cartesian = lattice.T @ rotation @ np.linalg.inv(lattice.T)
        kept.append(_Operation(rotation, cartesian, atoms, cells))
    return kept


def symmetric_constants(cell, mesh, constants):
    """Force constants averaged over the operations and over the exchange of the two atoms.

    constants : ndarray, shape (n, n, *mesh, 3, 3)
    """
    grid = _grid(mesh)
    flat = constants.reshape(*constants.shape[:2], len(grid), 3, 3)
    found = operations(cell, mesh)
    mean = np.zeros_like(flat)
    for op in found:
        turned = np.einsum("ik,abrkl,jl->abrij", op.cartesian, flat, op.cartesian)
        for a, to_a in enumerate(op.atoms):
            for b, to_b in enumerate(op.atoms):
                at = _index(grid @ op.rotation.T + op.cells[b] - op.cells[a], mesh)
                mean[to_a, to_b, at] += turned[a, b]
    mean /= len(found)
    exchanged = mean[:, :, _index(-grid, mesh)].transpose(1, 0, 2, 4, 3)
    return ((mean + exchanged) / 2).reshape(constants.shape)


def symmetric_charges(cell, born, dielectric):
    """Born charges, shape (n, 3, 3), and ε∞, shape (3, 3), averaged over the operations."""
    found = operations(cell)
    charges, tensor = np.zeros_like(born), np.zeros_like(dielectric)
    for op in found:
        charges[op.atoms] += op.cartesian @ born @ op.cartesian.T
        tensor += op.cartesian @ dielectric @ op.cartesian.T
    tensor /= len(found)
    return charges / len(found), (tensor + tensor.T) / 2


def polar_orbits(cell):
    """Atoms that stay alike when the crystal becomes polar along z, as lists of indices."""
    orbits = []
    keep_z = [op for op in operations(cell) if np.allclose(op.cartesian @ [0, 0, 1], [0, 0, 1])]
    for atom in range(len(cell.masses)):
        alike = sorted({int(op.atoms[atom]) for op in keep_z})
        if alike[0] == atom:
            orbits.append(alike)
    return orbits


def _grid(mesh):
    return np.array(np.meshgrid(*map(np.arange, mesh), indexing="ij")).reshape(3, -1).T


def _index(cells, mesh):
    return np.ravel_multi_index((cells % np.array(mesh)).T, mesh)
