"""Dipoles of point ions on a lattice, the reciprocal part of their Ewald sum.

Quantum ESPRESSO takes this part out of the dynamical matrices before it transforms them to real
space (Gonze and Lee, Phys. Rev. B 55, 10355 (1997)). It is put back here in the same convention,
the Gaussian's width included, so that the matrices on the mesh are those that were computed.
"""

import numpy as np

from ferronhall.crystals.phonons.lattice_dynamics import commensurate_waves

_LARGEST = 14.0
"""Terms are summed as long as Gε∞G/4α stays below, as in Quantum ESPRESSO."""


def dipole_force_constants(q, lattice, positions, born, dielectric, unit, width):
    """Force constants of the dipoles at q, less the sum rule's self term.

    q : array, shape (3,), fractions of the reciprocal lattice
    lattice : ndarray, shape (3, 3), rows the lattice vectors
    positions : ndarray, shape (n, 3), fractional
    born : ndarray, shape (n, 3, 3), e; first index the field's
    dielectric : ndarray, shape (3, 3)
    unit : float
        Coulomb constant e²/(4πε0) times the wanted unit of force constants, with lengths in the
        unit of `lattice`.
    width : float
        α of exp(−Gε∞G/4α), in the inverse square of that unit.
    returns : ndarray, shape (n, 3, n, 3), complex
        In the convention Σ_R Φ(R) exp(iqR) with lattice vectors R alone.
    """
    volume = abs(np.linalg.det(lattice))
    reciprocal = 2 * np.pi * np.linalg.inv(lattice).T
    # a plane of the reciprocal lattice is 2π/|a_i| away from the next
    longest = np.sqrt(4 * width * _LARGEST / np.linalg.eigvalsh(dielectric).min())
    reach = (longest * np.linalg.norm(lattice, axis=1) / (2 * np.pi)).astype(int) + 2
    steps = [np.arange(-r, r + 1) for r in reach]
    grid = np.array(np.meshgrid(*steps, indexing="ij")).reshape(3, -1).T
    prefactor = 4 * np.pi * unit / volume

    def total(fractions):
        g = fractions @ reciprocal
        length = np.einsum("gi,ij,gj->g", g, dielectric, g)
        kept = (length > 0) & (length / (4 * width) < _LARGEST)
        g, length = g[kept], length[kept]
        weight = prefactor * np.exp(-length / (4 * width)) / length
        phase = np.exp(2j * np.pi * fractions[kept] @ positions.T)
        charge = np.einsum("gj,nji->gni", g, born) * phase[:, :, None]
        return np.einsum("g,gai,gbj->aibj", weight, charge, charge.conj(), optimize=True)

    dipoles = total(grid + np.asarray(q, float))
    own = total(grid.astype(float)).real.sum(axis=2)
    for atom, block in enumerate(own):
        dipoles[atom, :, atom, :] -= block
    return dipoles


def dipoles_on_mesh(mesh, *crystal):
    """The same in real space, shape (n, n, *mesh, 3, 3), real.

    mesh : tuple of 3 ints
    crystal : lattice, positions, born, dielectric, unit and width, as above
    """
    waves = commensurate_waves(mesh)
    matrices = np.array([dipole_force_constants(q, *crystal) for q in waves])
    n = matrices.shape[1]
    on_grid = matrices.transpose(1, 3, 0, 2, 4).reshape(n, n, *mesh, 3, 3)
    # Φ(R) is the mean of exp(−iqR) over the waves, which stand in the order of an FFT
    return np.fft.fftn(on_grid, axes=(2, 3, 4)).real / len(waves)
