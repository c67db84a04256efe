"""Force constants and Born charges as a crystal has them, and what that changed of those read.

Numbers from a calculation keep the symmetries of their crystal approximately: they are averaged
over the space group and over the exchange of two atoms, a rigid translation is made to cost
nothing, and the Born charges to add up to zero. What this changes is said; where it is too much the
numbers belong to another crystal.
"""

import numpy as np

from ferronhall.base import units
from ferronhall.base.errors import ConfigError
from ferronhall.crystals.phonons.crystal_symmetry import symmetric_charges, symmetric_constants
from ferronhall.crystals.phonons.lattice_dynamics import (
    LatticeDynamics,
    Note,
    in_supercell,
    right_handed,
)

_CHARGE_SUM = 0.5
"""Largest |Σ Z*| (e) taken for numerical noise of a calculation."""

_ASYMMETRIC = 0.05
"""Share of the force constants (root mean squares) that symmetrisation may change."""

_ASYMMETRIC_CHARGE = 0.1
"""Change of a Born charge (e) by symmetrisation that is said aloud."""

_SOFTENED = 0.03
"""Share of the softest mode's stiffness that may change without a warning."""


def balanced(cell, mesh, constants, born, dielectric, names, notes=()):
    """LatticeDynamics with the symmetry of the crystal, neutral and free under translation.

    cell, mesh : as in LatticeDynamics
    constants : ndarray, shape (n, n, *mesh, 3, 3), eV/Å², on the mesh (crystal_symmetry)
    born : ndarray, shape (n, 3, 3), e; dielectric : ndarray, shape (3, 3)
    names : (str, str), files of the constants and of the charges, for messages
    notes : iterable of Note, those of the reading so far
    raises : ConfigError where constants or charges are no small error away from the crystal's
    """
    if not all(np.isfinite(values).all() for values in (constants, born, dielectric)):
        raise ConfigError(
            f"'{names[0]}': force constants, Born charges or ε∞ hold what is no number"
        )
    cell, constants, turned = right_handed(cell, constants)
    if turned:
        notes = [*notes, Note("its lattice vectors, a left-handed set, are all reversed")]
    symmetric = symmetric_constants(cell, mesh, constants)
    changed = symmetric - constants
    share = np.sqrt(np.mean(changed**2) / np.mean(constants**2))
    if share > _ASYMMETRIC:
        raise ConfigError(
            f"'{names[0]}': the force constants lack the symmetry of the cell (symmetrised, "
            f"{100 * share:.2g} % of them would change); they belong to atoms in another "
            "order, to other axes, or to another cell"
        )
    drift = np.abs(constants.sum(axis=(1, 2, 3, 4))).max()
    final = _translation_free(symmetric)
    softest = _softest(cell, constants, final)
    said = (
        f"symmetrisation changed force constants by up to {np.abs(changed).max():.2g} eV/Å², the "
        f"acoustic sum rule the self terms by up to {drift:.2g} eV/Å²; together they took the "
        f"softest optical mode at Γ from {softest[0]:.3f} to {softest[1]:.3f} THz"
    )
    loud = abs(softest[0] * abs(softest[0]) - softest[1] * abs(softest[1]))
    loud = loud > _SOFTENED * softest[1] ** 2
    if loud:
        said += (
            ", more than a few per cent of its stiffness: converge the calculation (cutoff of the "
            "density and grid for the sum rule), or take it as the error of the soft mode"
        )
    charges, tensor, charge_notes = _charges(cell, born, dielectric, names[1])
    return LatticeDynamics(
        cell,
        mesh,
        in_supercell(cell, mesh, final),
        charges,
        tensor,
        (*notes, Note(said, bool(loud)), *charge_notes),
    )


def _translation_free(constants):
    """Force constants on the mesh whose self terms make a rigid translation cost nothing."""
    free = constants.copy()
    for atom in range(len(free)):
        free[atom, atom, 0, 0, 0] -= free[atom].sum(axis=(0, 1, 2, 3))
        # an exactly symmetric self term keeps the matrices Hermitian
        own = free[atom, atom, 0, 0, 0]
        free[atom, atom, 0, 0, 0] = (own + own.T) / 2
    return free


def _softest(cell, before, after):
    """Frequencies (THz) that the softest optical mode at Γ has with either set of constants."""
    roots = np.sqrt(np.repeat(cell.masses, 3) * units.AMU)
    matrices = [
        c.sum(axis=(2, 3, 4)).transpose(0, 2, 1, 3).reshape(len(roots), -1) / np.outer(roots, roots)
        for c in (before, after)
    ]
    _, vectors = np.linalg.eigh(matrices[1])
    rigid = np.kron(np.ones((len(cell.masses), 1)), np.eye(3)) * roots[:, None]
    rigid /= np.linalg.norm(rigid, axis=0)
    optical = ((rigid.T @ vectors) ** 2).sum(axis=0) < 0.5
    mode = vectors[:, optical][:, 0]
    squares = [mode @ matrix @ mode for matrix in matrices]
    return [float(np.sign(s) * np.sqrt(abs(s)) / (2 * np.pi)) for s in squares]


def _charges(cell, born, dielectric, name):
    """Symmetric and neutral Born charges, symmetric ε∞, and notes."""
    total = born.sum(axis=0)
    worst = np.unravel_index(np.abs(total).argmax(), (3, 3))
    component = "".join("xyz"[k] for k in worst)
    if abs(total[worst]) > _CHARGE_SUM:
        raise ConfigError(
            f"'{name}': the Born charges' components {component} add up to {total[worst]:.3g} e "
            "instead of 0; they belong to another cell, or to atoms in another order"
        )
    charges, tensor = symmetric_charges(cell, born, dielectric)
    changed = max(np.abs(charges - born).max(), np.abs(tensor - dielectric).max())
    notes = [
        Note(
            f"the Born charges add up to {total[worst]:.2g} e at most (component {component}), "
            "shared out among the atoms"
        )
    ]
    if changed > _ASYMMETRIC_CHARGE:
        notes.append(
            Note(
                f"symmetrisation changed Born charges or ε∞ by up to {changed:.2g}: are they those "
                "of this cell's atoms, in this order and along these axes?",
                loud=True,
            )
        )
    return charges - charges.sum(axis=0) / len(charges), tensor, notes
