"""Whether P along x withstands a hot band in a cubic well, cell by cell.

The mean u_x shrinks in all cells of a row together, as the dipoles hold it uniform along x, and by
V_xyy and V_xzz that softens the well across x everywhere. Fluctuations stiffen it again, but where
they are: in the hot band alone. The cold cells may be left with a stiffness below zero, and P turns
there. The closure averaged over x gives to the cold cells a part of what the hot ones gain, and
does not see it; here every cell has its own mean and fluctuations. Of the modes of

    H = H0 + δk(x, y),     δk = ⟨V_cc(⟨u⟩ + w)⟩ of the cell less that averaged over x

H0 the Hessian of the averaged closure, the one that loses the largest part of its stiffness is
found by Lanczos' method in H0^(−1/2) δk H0^(−1/2).
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse.linalg import LinearOperator, eigsh
from threadpoolctl import threadpool_limits

from ferronhall.base.errors import TheoryError
from ferronhall.model.reference import hessian_block

_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Turning:
    """The mode that the temperature's profile softens most.

    stiffness : float, eV/Å²
        Of its pattern; below 0 the state along x gives way.
    left : float
        Over that in the averaged closure.
    component : str, "x", "y" or "z"
        Along which it moves most.
    column : int
        Where along x.
    iz : int
        q_z in units of 2π/(n_z a).
    """

    stiffness: float
    left: float
    component: str
    column: int
    iz: int

    @property
    def message(self):
        """What it says of the closure, in words; empty where the state holds."""
        if self.stiffness > 0:
            return ""
        return (
            "P does not stay along x: with the mean and the fluctuations of every cell a pattern "
            f"of u_{self.component}, largest in column {self.column}, has the stiffness "
            f"{self.stiffness:.2g} eV/Å², so that P turns there and nothing here is the steady "
            "state; raise onsite.gamma_eV_per_A4, or lower temperature.T_hot_K"
        )


def softest_turn(model, solution):
    """The Turning of a Solution of the closure, either, in a cubic well, without field.

    raises : TheoryError when the averaged closure is no minimum itself
    """
    state, mean = solution.states[1], solution.means[1]
    stiffness = model.material.onsite.mean_stiffness(mean, state.displacement)
    excess = stiffness - solution.reference.stiffness[:, None]
    with threadpool_limits(limits=1, user_api="blas"):
        found = [
            _in_sector(model, solution.reference.stiffness, excess, iz)
            for iz in range(model.slab.nz // 2 + 1)
        ]
    return min(found, key=lambda turning: turning.left)


def _in_sector(model, stiffness, excess, iz):
    nx, ny = model.slab.nx, model.slab.ny
    roots = np.array([_inverse_root(model.operator, stiffness, ix, iz) for ix in range(nx)])
    local = excess.transpose(1, 0, 2).reshape(nx, 3 * ny)

    def soften(flat):
        return np.einsum("qab,qb->qa", roots, flat.reshape(nx, 3 * ny))

    def apply(flat):
        cells = local * np.fft.ifft(soften(flat), axis=0)
        return soften(np.fft.fft(cells, axis=0)).ravel()

    size = 3 * nx * ny
    operator = LinearOperator((size, size), apply, dtype=complex)
    start = np.random.default_rng(iz).standard_normal(size) + 0j
    (lost,), vectors = eigsh(operator, k=1, which="SA", tol=_TOLERANCE, v0=start)
    pattern = soften(vectors[:, 0])
    weight = np.linalg.norm(pattern) ** 2
    cells = np.abs(np.fft.ifft(pattern, axis=0).reshape(nx, 3, ny)) ** 2
    return Turning(
        float((1 + lost) / weight),
        float(1 + lost),
        "xyz"[cells.sum(axis=(0, 2)).argmax()],
        int(cells.sum(axis=(1, 2)).argmax()),
        iz,
    )


def _inverse_root(operator, stiffness, ix, iz):
    values, vectors = np.linalg.eigh(hessian_block(operator, stiffness, ix, iz))
    if values[0] <= 0:
        raise TheoryError(
            f"the averaged closure is no minimum: at q_x = {ix}, q_z = {iz} (units of 2π over the "
            f"slab's length) its Hessian has the eigenvalue {values[0]:.3g} eV/Å²; lower "
            "temperature.T_hot_K"
        )
    return vectors / np.sqrt(values) @ vectors.conj().T
