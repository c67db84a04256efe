"""Functions of the layer in which one (q_x, q_z) of the linear dynamics is written.

With the mirrors of the kernel, and a field along z, the product of the y mirror and complex
conjugation leaves a block as it is. Even functions of y taken real and odd ones imaginary then
make the block real, whatever the component: half the work, and every complex mode has a partner
that need not be computed. Without a field the y parities of kernels.blocks separate as well.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import block_diag

from ferronhall.model.slab_operator import y_parity_basis


@dataclass(frozen=True)
class LayerBasis:
    """Orthonormal functions of (component, layer).

    functions : ndarray, shape (3 ny, m), complex
    real : bool
        Whether the dynamics is real in it.
    """

    functions: np.ndarray
    real: bool

    def project(self, matrix):
        """matrix, shape (3 ny, 3 ny), in the basis."""
        result = self.functions.conj().T @ matrix @ self.functions
        return result.real if self.real else result


def layer_bases(operator, field):
    """The bases in which blocks are solved one by one, together complete.

    returns : list of LayerBasis
    """
    ny = operator.slab.ny
    if not has_conjugate_mirror(operator, field):
        return [LayerBasis(np.eye(3 * ny, dtype=complex), real=False)]
    even, odd = y_parity_basis(ny)
    even, odd = even.T, 1j * odd.T
    parities = [block_diag(even, odd, even), block_diag(odd, even, odd)]
    if field.omega_B == 0:
        return [LayerBasis(functions, real=True) for functions in parities]
    return [LayerBasis(np.hstack(parities), real=True)]


def has_conjugate_mirror(operator, field):
    """Whether kernel and field allow the real basis."""
    return operator.mirror_symmetric and (field.omega_B == 0 or field.along_z)
