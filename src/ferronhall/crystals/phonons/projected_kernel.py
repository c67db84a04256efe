"""Force constants projected onto local modes (S6): the model's harmonic kernel K(q)."""

from itertools import product

import numpy as np

_MIRRORS = [np.diag(signs) for signs in ([-1, 1, 1], [1, -1, 1], [1, 1, -1])] + [
    np.eye(3)[list(order)] for order in ([1, 0, 2], [0, 2, 1], [2, 1, 0])
]
"""Mirrors that generate the symmetry of the cube: across an axis, and exchanging two."""

_SAME = 1e-5
"""Distance (lattice constants) within which images of an atom count as equally near."""


def centred_shares(cell, b_site):
    """Every atom's nearest B sites: the local mode is centred on B, its neighbours share the rest.

    returns : list of ndarray, shape (images, 3)
        Vectors from the atom to its nearest B sites, in lattice constants.
    """
    positions = np.array(cell.scaled_positions)
    shares = []
    for place in positions:
        offsets = np.array(
            [positions[b_site] + np.array(shift) - place for shift in product((-1, 0, 1), repeat=3)]
        )
        distance = np.linalg.norm(offsets, axis=1)
        shares.append(offsets[distance < distance.min() + _SAME])
    return shares


def literal_shares(cell, b_site):
    """S6 as printed: every atom of the cell moves with that cell's mode alone.

    It breaks the cubic symmetry, because an oxygen then belongs to one of its two B neighbours.
    """
    positions = np.array(cell.scaled_positions)
    return [(positions[b_site] - place)[None, :] for place in positions]


def projected_kernel(dynamics, eigenvector, shares, waves, with_dipoles=False):
    """K(q) = Σ_st w_s(q)† Φ_st(q) w_t(q) (eV/Å²), shape (len(waves), 3, 3).

    eigenvector : ndarray, shape (3, n, 3)
    shares : as centred_shares gives them
        w_s(q) is v_s times the mean of exp(iq·d) over the vectors d to the atom's B sites.
    waves : array, shape (m, 3), fractions
    with_dipoles : as in LatticeDynamics.hessian
    returns : complex, Hermitian; real with centred shares at the wave vectors of the mesh
    """
    kernels = []
    for q in np.atleast_2d(waves):
        factors = np.array([np.exp(2j * np.pi * d @ q).mean() for d in shares])
        pattern = eigenvector * factors[None, :, None]
        hessian = dynamics.hessian(q, with_dipoles)
        kernels.append(np.einsum("asi,sitj,btj->ab", pattern.conj(), hessian, pattern))
    return np.array(kernels)


def asymmetry(kernels, waves):
    """How far K(q) is from cubic symmetry (eV/Å²): the largest change under a mirror of the cube.

    kernels : ndarray, shape (m, 3, 3)
    waves : array, shape (m, 3), a full mesh with equal divisions
    """
    waves = np.asarray(waves)
    worst = 0.0
    for mirror in _MIRRORS:
        for q, kernel in zip(waves, kernels, strict=True):
            offset = waves - mirror @ q
            partner = np.abs(offset - np.rint(offset)).max(axis=1).argmin()
            turned = mirror @ kernel @ mirror.T
            worst = max(worst, float(np.abs(kernels[partner] - turned).max()))
    return worst
