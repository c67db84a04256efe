"""The dipolar kernel of a slab alone in space, without images along the open y.

The coupling of layers dy apart is an integral over the zone, as q_y is continuous:

    K(q_x, dy, q_z) = (a/2π) ∫ K(q) exp(i q_y a dy) dq_y,   −π/a < q_y < π/a

In a box of any length the images of the smooth kernel decay like exp(−|q| y), but those of the
printed one, which jumps at the zone boundary, like 1/y². The rule of Gauss and Legendre on both
halves of the zone converges for both: it only has to follow the wave exp(i q_y a dy) and the turn
of K at q_y = 0, which is as sharp as the longest wave along x or z is long.
"""

import numpy as np

from ferronhall.model import dipole


def isolated_kernel(slab, material, name, eta_a=None, qx=None):
    """K(q) on the transform box whose layer couplings are those of the integral (eV/Å²).

    slab : Slab, isolated
    name, eta_a : as in dipole.dipole_kernel
    qx : as in slab_operator.SlabOperator.build
    returns : ndarray, shape (3, 3, nx, padding, nz)
    """
    nodes, weights = np.polynomial.legendre.leggauss(slab.zone_points // 2)
    nodes = np.pi / 2 * np.concatenate([nodes - 1, nodes + 1])
    weights = np.tile(weights, 2) / 4
    columns = 2 * np.pi * np.fft.fftfreq(slab.nx) if qx is None else qx
    axes = [columns, nodes, 2 * np.pi * np.fft.fftfreq(slab.nz)]
    q = np.array(np.meshgrid(*axes, indexing="ij")) / material.lattice_constant
    values = dipole.dipole_kernel(name, q, material, eta_a)
    # distances that no two layers of the slab have stay empty
    reach = np.arange(1 - slab.ny, slab.ny)
    waves = weights * np.exp(1j * np.multiply.outer(reach, nodes))
    layered = np.zeros((3, 3, slab.nx, slab.padding, slab.nz), complex)
    layered[:, :, :, reach] = np.einsum("dn,abxnz->abxdz", waves, values, optimize=True)
    return np.fft.fft(layered, axis=3).real
