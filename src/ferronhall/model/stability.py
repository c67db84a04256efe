"""Before any trajectory: is the ferroelectric state stable, and is the substep short enough?"""

from dataclasses import dataclass

import numpy as np

from ferronhall.base.errors import UnstableKernelError
from ferronhall.model.wave_vectors import wave_vectors

WARN_OMEGA_H = 1.0
REFUSE_OMEGA_H = 1.8


@dataclass(frozen=True)
class StabilityReport:
    """Extremes of the slab Hessian at u0 over every (q_x, q_z).

    smallest : float, eV/Å²
    wave_vector : tuple of two ints
        (q_x, q_z) of the smallest eigenvalue, as indices of 2π/(nx a) and 2π/(nz a).
    omega_max : float, rad/ps
        Highest mode frequency.
    omega_h : float
        omega_max times the substep.
    """

    smallest: float
    wave_vector: tuple
    omega_max: float
    omega_h: float

    @property
    def warning(self):
        """A line for the user when the substep is long, else an empty string."""
        if self.omega_h <= WARN_OMEGA_H:
            return ""
        return (
            f"omega_max*h = {self.omega_h:.2f} is above {WARN_OMEGA_H}: averages carry a visible "
            "time-step error; shorten time.dt_ps or raise time.substeps"
        )


def hessian_blocks(operator, onsite_hessian):
    """Every block of the slab Hessian at u0 with its wave vector.

    onsite_hessian : ndarray, shape (3,), eV/Å²
    yields : (ix, iz, matrix); for a mirror-symmetric operator the real blocks at |q_x|, |q_z|,
        otherwise the complex ones.
    """
    ny, mirrored = operator.slab.ny, operator.mirror_symmetric
    ne, no = (ny + 1) // 2, ny // 2
    sizes = ((ne, no, ne), (no, ne, no))
    for ix, iz, _ in wave_vectors(operator.slab, mirrored):
        if mirrored:
            for counts, block in zip(sizes, operator.mirror_blocks(ix, iz), strict=True):
                yield ix, iz, block + np.diag(np.repeat(onsite_hessian, counts))
        else:
            yield ix, iz, operator.block(ix, iz) + np.diag(np.repeat(onsite_hessian, ny))


def preflight(operator, material, h):
    """Diagonalise the slab Hessian at u0; UnstableKernelError on a negative eigenvalue or a long h.

    h : float, ps
    returns : StabilityReport
    """
    smallest, wave_vector, largest = np.inf, (0, 0), 0.0
    for ix, iz, block in hessian_blocks(operator, material.onsite.hessian):
        eigenvalues = np.linalg.eigvalsh(block)
        largest = max(largest, float(eigenvalues[-1]))
        if eigenvalues[0] < smallest:
            smallest, wave_vector = float(eigenvalues[0]), (ix, iz)
    omega_max = float(np.sqrt(largest / material.mass[0, 0]))
    report = StabilityReport(smallest, wave_vector, omega_max, omega_max * h)
    nx, _, nz = operator.slab.shape
    if smallest < 0:
        raise UnstableKernelError(
            f"the ferroelectric state is unstable: the slab Hessian has the eigenvalue "
            f"{smallest:.3g} eV/Å² at q_x = {wave_vector[0]}/{nx}, q_z = {wave_vector[1]}/{nz} "
            "(units of 2π/a), and the transverse potential has no quartic term to hold it; choose "
            "another short_range.preset"
        )
    if report.omega_h >= REFUSE_OMEGA_H:
        raise UnstableKernelError(
            f"time.dt_ps/time.substeps = {h:g} ps is too long: omega_max = {omega_max:.1f} rad/ps "
            f"gives omega_max*h = {report.omega_h:.2f}, the limit of stability is 2 and "
            f"{REFUSE_OMEGA_H} is the most allowed; use h <= {WARN_OMEGA_H / omega_max:.4f} ps"
        )
    return report
