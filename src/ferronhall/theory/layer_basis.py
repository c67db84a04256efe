"""Functions of the layer in which one (q_x, q_z) of the linear dynamics is written.

With the mirrors of the kernel, a field along z and a stiffness that is even in y, the product of
the y mirror and complex conjugation leaves a block as it is. Even functions of y taken real and odd
ones imaginary then make the block real, whatever the component: half the work, and every complex
mode has a partner that need not be computed. Without a field the y parities of kernels.blocks
separate as well, and where q_z is its own opposite u_z separates from the others.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from scipy import sparse

from ferronhall.model.slab_operator import even_in_y, y_parity_basis

_HALF = np.sqrt(0.5)


@dataclass(frozen=True)
class LayerBasis:
    """Orthonormal functions of (component, layer).

    ny : int
    parts : tuple of (component, parity)
        Functions of one component after another: the even (0) or odd (1) ones of y, the latter
        times i; empty for the layers of all components themselves.
    """

    ny: int
    parts: tuple = ()

    @property
    def real(self):
        """Whether the dynamics is real in it."""
        return bool(self.parts)

    @property
    def functions(self):
        """The functions, shape (3 ny, m), complex, as a sparse array: none has over two layers."""
        return _functions(self.ny, self.parts)[0]

    @property
    def adjoint(self):
        """The functions' conjugate transpose, shape (m, 3 ny), as a sparse array."""
        return _functions(self.ny, self.parts)[1]

    @cached_property
    def opposite(self):
        """±1 of every function, shape (m,): its complex conjugate, mirrored in z."""
        sizes = ((self.ny + 1) // 2, self.ny // 2)
        signs = [
            np.full(sizes[parity], (-1) ** (parity + (component == 2)))
            for component, parity in self.parts
        ]
        return np.concatenate(signs).astype(float)

    def project(self, matrix):
        """matrix, dense or sparse, shape (3 ny, 3 ny), in the basis, dense."""
        result = self.adjoint @ (matrix @ self.functions)
        if sparse.issparse(result):
            result = result.toarray()
        return result.real if self.real else result

    def project_all(self, matrices):
        """Dense matrices, shape (n, 3 ny, 3 ny), in the basis, shape (n, m, m)."""
        if not self.real:
            return matrices
        even, odd = _magnitudes(self.ny, self.parts)
        # odd functions are times i
        result = np.zeros((len(matrices), even.shape[1], even.shape[1]))
        real, imaginary = matrices.real, matrices.imag
        for left, right, part, sign in (
            (even, even, real, 1),
            (odd, odd, real, 1),
            (even, odd, imaginary, -1),
            (odd, even, imaginary, 1),
        ):
            result += sign * (left.T @ part @ right)
        return result

    def project_layers(self, profile, other):
        """Multiplication of every component in a layer by the layer's own number.

        profile : ndarray, shape (ny,)
            Real and even or imaginary and odd in a real basis.
        other : LayerBasis of m′ functions
            What it is applied to.
        returns : ndarray, shape (m, m′)
        """
        local = sparse.diags_array(np.tile(profile, 3), format="csr")
        result = (self.adjoint @ (local @ other.functions)).toarray()
        return result.real if self.real else result

    def takes_odd(self, other):
        """Whether what is odd in y takes the other basis into this one."""
        return {(component, 1 - parity) for component, parity in other.parts} == set(self.parts)

    @property
    def layers_kept(self):
        """Layers that stand for all: those up to and with the one past or at the centre."""
        return self.ny // 2 + 1 if self.real else self.ny

    def layers(self, rows):
        """What coefficients of the functions are in the layers kept.

        rows : ndarray, shape (..., m, n), real in a real basis
        returns : ndarray, shape (..., 3, layers_kept, n), complex; the mirror image of a layer has
            the conjugate where the basis is real
        """
        *many, _, n = rows.shape
        if not self.real:
            return rows.reshape(*many, 3, self.ny, n)
        paired, first = self.ny // 2, 0
        result = np.zeros((*many, 3, self.layers_kept, n), complex)
        for component, parity in self.parts:
            size = paired if parity else (self.ny + 1) // 2
            part = rows[..., first : first + size, :]
            first += size
            target = (result.imag if parity else result.real)[..., component, :, :]
            np.multiply(part[..., :paired, :], _HALF, out=target[..., :paired, :])
            if self.ny % 2 == 0:
                last = target[..., paired - 1, :]
                target[..., paired, :] = -last if parity else last
            elif not parity:
                target[..., paired, :] = part[..., paired, :]
        return result


@lru_cache(maxsize=32)
def _functions(ny, parts):
    """functions and adjoint of a LayerBasis, made once: a small slab has thousands of blocks."""
    if parts:
        even, odd = y_parity_basis(ny)
        columns = []
        for component, parity in parts:
            place = np.zeros((3, 1))
            place[component] = 1
            columns.append(np.kron(place, 1j * odd.T if parity else even.T))
        found = sparse.csr_array(np.hstack(columns))
    else:
        found = sparse.csr_array(sparse.eye_array(3 * ny, dtype=complex))
    return found, found.conj().T.tocsr()


@lru_cache(maxsize=32)
def _magnitudes(ny, parts):
    """The even functions, and the odd ones without their i, shape (3 ny, m), dense."""
    functions = _functions(ny, parts)[0].toarray()
    return functions.real.copy(), functions.imag.copy()


def layer_bases(operator, stiffness, field, iz):
    """The bases in which blocks at (q_x, q_z) are solved one by one, together complete.

    stiffness : ndarray, shape (3, ny), eV/Å², on-site
    iz : int, FFT index of q_z
    returns : list of LayerBasis
    """
    ny, nz = operator.slab.ny, operator.slab.nz
    if not has_conjugate_mirror(operator, stiffness, field):
        return [LayerBasis(ny)]
    alike = [((0, 0), (1, 1), (2, 0)), ((0, 1), (1, 0), (2, 1))]
    if field.omega_B != 0:
        alike = [alike[0] + alike[1]]
    if iz in (0, nz / 2):
        # the mirror of z leaves the block as it is and u_z alone changes sign
        alike = [tuple(p for p in a if (p[0] == 2) == z) for a in alike for z in (False, True)]
    return [LayerBasis(ny, parts) for parts in alike]


def has_conjugate_mirror(operator, stiffness, field):
    """Whether kernel, on-site stiffness and field allow the real basis."""
    mirrored = operator.mirror_symmetric and even_in_y(stiffness)
    return mirrored and (field.omega_B == 0 or field.along_z)
