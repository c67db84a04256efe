"""What every second-order dynamical charge obeys: exchange, translations, and the site symmetry.

The three projections commute, so imposing them in any order imposes all of them.
"""

import numpy as np

from ferronhall.base.errors import FirstPrinciplesError


def exchanged(tensor):
    """The part that is symmetric under exchange of the two displacements (Eq. 1)."""
    return (tensor + tensor.transpose(0, 3, 4, 1, 2)) / 2


def translation_free(tensor):
    """The part without response to a translation of the crystal: Σ_κ Z⁽²⁾ = 0 for either atom."""
    tensor = tensor - tensor.mean(axis=1, keepdims=True)
    return tensor - tensor.mean(axis=3, keepdims=True)


def symmetrised(tensor, rotations, permutations):
    """The average over the operations of the crystal.

    rotations : ndarray, shape (g, 3, 3), Cartesian
    permutations : ndarray of int, shape (g, n)
        Where each operation takes atom κ.
    """
    total = np.zeros_like(tensor)
    for rotation, moved in zip(rotations, permutations, strict=True):
        turned = np.einsum(
            "ai,bj,cl,imjnl->ambnc", rotation, rotation, rotation, tensor, optimize=True
        )
        total[np.ix_(range(3), moved, range(3), moved, range(3))] += turned
    return total / len(rotations)


def violations(tensor, rotations, permutations):
    """Largest departures (e/Å) from each rule, by name."""
    parts = {
        "exchange of the displacements": exchanged(tensor),
        "translation of the crystal": translation_free(tensor),
        "site symmetry": symmetrised(tensor, rotations, permutations),
    }
    return {name: float(np.abs(tensor - part).max()) for name, part in parts.items()}


def require(tensor, rotations, permutations, tolerance):
    """FirstPrinciplesError naming the rules broken by more than `tolerance` (e/Å)."""
    broken = {
        name: size
        for name, size in violations(tensor, rotations, permutations).items()
        if size > tolerance
    }
    if broken:
        listed = ", ".join(f"{name} by {size:.2g} e/Å" for name, size in broken.items())
        raise FirstPrinciplesError(
            f"second-order dynamical charges: {listed} (allowed: {tolerance:g} e/Å); impose the "
            "rules with tensor_symmetry, or converge the runs further"
        )


def imposed(tensor, rotations, permutations):
    """The nearest tensor that obeys all rules."""
    return symmetrised(translation_free(exchanged(tensor)), rotations, permutations)
