"""Second-order dynamical charges, mode effective charges and dipole moments (Eq. 1 to 9).

A second-order dynamical charge is an array of shape (3, n, 3, n, 3): Z⁽²⁾[α, κ, β, κ′, γ] in e/Å,
with n atoms in a supercell. Displacements and patterns have shape (n, 3).
"""

import numpy as np


def displacement(pattern, amplitude, cells):
    """Displacements (Å) of a mode with an order parameter (Eq. 4).

    pattern : ndarray, shape (n, 3), of any norm
    amplitude : float, Å
        Q.
    cells : int
        Primitive cells in the supercell, N.
    """
    return amplitude * np.sqrt(cells) * pattern / np.linalg.norm(pattern)


def order_parameter(displacements, cells):
    """|Q| (Å) of displacements (Å) of one mode in N = `cells` primitive cells (Eq. 5)."""
    return float(np.linalg.norm(displacements) / np.sqrt(cells))


def mode_charge(tensor, first, second):
    """Z⁽²⁾_λμ (e/Å), shape (3,), of two patterns (Eq. 2)."""
    product = np.einsum("akbmc,kb,mc->a", tensor, first, second)
    return product / (np.linalg.norm(first) * np.linalg.norm(second))


def dipole(tensor, displacements):
    """Second-order part of the dipole moment (e Å), shape (3,), of displacements (Å) (Eq. 7)."""
    return np.einsum("akbmc,kb,mc->a", tensor, displacements, displacements) / 2


def pair_dipole(charge, first, second, cells):
    """Dipole moment (e Å) of two nonpolar modes with order parameters (Å): Eq. 3."""
    return cells * charge * first * second
