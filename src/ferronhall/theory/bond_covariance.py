"""The bilinear of nearest neighbours in a steady state, ⟨u_x(0) R·u(R) − u_x(R) R·u(0)⟩.

It is antisymmetric under exchange of the two cells, which the fluctuations' covariance is not once
heat flows, and under exchange of the two components. Of a bond along x it keeps nothing; a bond
along z takes the phase exp(−iq_z) from one cell to the next, a bond along y the next layer.
"""

import numpy as np

from ferronhall.model.reference import hessian_block


def y_bonds(left, right):
    """Bilinear of the bonds from every layer to the next, from one pair (q, q − k).

    left, right : ndarray, shape (..., 3, ny, m)
        Displacements with ⟨a(y) b(y′)*⟩ = Σ_m left[a, y] right[b, y′].
    returns : ndarray, shape (..., ny − 1)
        Symmetrised, as the pair stands for its transpose too.
    """
    lower, upper = slice(None, -1), slice(1, None)
    forward = _antisymmetric(left[..., lower, :], right[..., upper, :], 1)
    backward = _antisymmetric(left[..., upper, :], right[..., lower, :], 1)
    return (forward - backward) / 2


def z_bonds(left, right, qz):
    """Bilinear of the bonds along z of every layer, shape (..., ny); arguments as in y_bonds.

    qz : float, wave vector along z in units of the inverse lattice constant
    """
    return -1j * np.sin(qz) * _antisymmetric(left, right, 2)


def cell_bilinear(along_y, along_z):
    """Half of the bonds that end in a cell.

    along_y, along_z : ndarray, shapes (..., ny − 1) and (..., ny)
        Of the bonds to the next cell; each along z has the mean over z.
    returns : ndarray, shape (..., ny)
    """
    total = along_z.copy()
    total[..., :-1] += along_y / 2
    total[..., 1:] += along_y / 2
    return total


def transverse_mean(model, mean):
    """⟨u_y⟩ (Å) that balances the couplings to a mean ⟨u_x⟩.

    mean : ndarray, shape (..., nx, ny), Å
    returns : ndarray of the same shape, Å

    The well is harmonic across the axis and ⟨v⟩ vanishes, so the balance is linear and exact
    whatever the fluctuations, in the trajectories too.
    """
    nx, ny, _ = model.slab.shape
    stiffness = np.full((3, ny), model.material.onsite.transverse)
    hessians = [hessian_block(model.operator, stiffness, ix, 0) for ix in range(nx // 2 + 1)]
    response = np.array([-np.linalg.solve(h[ny:, ny:], h[ny:, :ny])[:ny] for h in hessians])
    answer = np.einsum("qab,...qb->...qa", response, np.fft.rfft(mean, axis=-2))
    return np.fft.irfft(answer, n=nx, axis=-2)


def mean_bilinear(longitudinal, transverse):
    """Bilinear of the mean displacements ⟨u_x⟩ and ⟨u_y⟩ (Å²), of shape (..., nx, ny) as they are.

    Bonds along z carry none: the means are the same in all cells along z.
    """
    bonds = longitudinal[..., :-1] * transverse[..., 1:]
    bonds = bonds - longitudinal[..., 1:] * transverse[..., :-1]
    return cell_bilinear(bonds, np.zeros(longitudinal.shape))


def bond_bilinear_maps(model, states, means):
    """Bilinear of every cell, of fluctuations and means together (Å²), shape (field, nx, ny).

    states : list of covariance.Fluctuations
    means : list of ndarray, shape (nx, ny), Å
        ⟨u_x⟩ of every state.
    """
    return np.array(
        [
            state.bilinear + mean_bilinear(mean, transverse_mean(model, mean))
            for state, mean in zip(states, means, strict=True)
        ]
    )


def _antisymmetric(left, right, other):
    """⟨x(y) other(y′)*⟩ − ⟨other(y) x(y′)*⟩."""
    # einsum makes no array of the products
    term = "...yb,...yb->...y"
    first = np.einsum(term, left[..., 0, :, :], right[..., other, :, :])
    return first - np.einsum(term, left[..., other, :, :], right[..., 0, :, :])
