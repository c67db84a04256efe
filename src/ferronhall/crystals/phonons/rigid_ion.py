"""Dipoles of point ions on a lattice, the reciprocal part of their Ewald sum.

Quantum ESPRESSO takes this part out of the dynamical matrices before it transforms them to real
space (Gonze and Lee, Phys. Rev. B 55, 10355 (1997)). It is put back here in the same convention,
the Gaussian's width included, so that the matrices on the mesh are those that were computed.
"""

import numpy as np

_WIDTH = 1.0
"""α of exp(−Gε∞G/4α), in (2π/a)²: the value fixed in Quantum ESPRESSO."""

_LARGEST = 14.0
"""Terms are summed as long as Gε∞G/4α stays below, as there."""


def dipole_force_constants(q, lattice, positions, born, dielectric, unit):
    """Force constants of the dipoles at q, less the sum rule's self term.

    q : array, shape (3,), fractions of the reciprocal lattice
    lattice : ndarray, shape (3, 3), rows the lattice vectors
    positions : ndarray, shape (n, 3), fractional
    born : ndarray, shape (n, 3, 3), e; first index the field's
    dielectric : ndarray, shape (3, 3)
    unit : float
        Coulomb constant e²/(4πε0) times the wanted unit of force constants, with lengths in the
        unit of `lattice`.
    returns : ndarray, shape (n, 3, n, 3), complex
        In the convention Σ_R Φ(R) exp(iqR) with lattice vectors R alone.
    """
    volume = abs(np.linalg.det(lattice))
    scale = np.linalg.norm(lattice[0])
    reciprocal = np.linalg.inv(lattice).T * scale
    reach = int(np.sqrt(4 * _WIDTH * _LARGEST) / np.linalg.norm(reciprocal, axis=1).min()) + 2
    steps = np.arange(-reach, reach + 1)
    grid = np.array(np.meshgrid(steps, steps, steps, indexing="ij")).reshape(3, -1).T
    prefactor = 4 * np.pi * unit / volume

    def total(fractions):
        g = fractions @ reciprocal
        length = np.einsum("gi,ij,gj->g", g, dielectric, g)
        kept = (length > 0) & (length / (4 * _WIDTH) < _LARGEST)
        g, length = g[kept], length[kept]
        weight = prefactor * np.exp(-length / (4 * _WIDTH)) / length
        phase = np.exp(2j * np.pi * fractions[kept] @ positions.T)
        charge = np.einsum("gj,nji->gni", g, born) * phase[:, :, None]
        return np.einsum("g,gai,gbj->aibj", weight, charge, charge.conj())

    dipoles = total(grid + np.asarray(q, float))
    own = total(grid.astype(float)).real.sum(axis=2)
    for atom, block in enumerate(own):
        dipoles[atom, :, atom, :] -= block
    return dipoles
