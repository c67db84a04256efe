"""Is the endless crystal stable at u0, over its whole zone?

A lattice holds a few wave vectors only, and whether an unstable one is among them is chance. So the
bulk has to be stable as well as the slab.
"""

import numpy as np

from ferronhall.base.errors import UnstableKernelError
from ferronhall.model import dipole

_ZONE_INTERVALS = 16
"""Steps from 0 to π/a along each axis of the wave vectors on which the bulk is examined."""


def zone_octant(finer=1):
    """Wave vectors times a on which a bulk is examined, shape (3, n, n, n), 0 to π along each axis.

    finer : int
        Divides each step of the pre-flight's mesh, whose wave vectors are all kept.
    """
    points = np.linspace(0, np.pi, finer * _ZONE_INTERVALS + 1)
    return np.array(np.meshgrid(points, points, points, indexing="ij"))


def preflight_bulk(operator, material):
    """Examine the Hessian of the endless crystal at u0 over its zone.

    operator : SlabOperator
        Whose bonds and dipoles hold the crystal together; its lattice does not matter.
    raises : UnstableKernelError where an eigenvalue is negative

    By the cubic mirrors an octant of the zone stands for all of it.
    """
    q = zone_octant()
    dipoles = operator.dipole_kernel, q / material.lattice_constant, material, operator.eta_a
    bonds = np.einsum("abcij,axyz,bxyz,cxyz->ijxyz", operator.bonds, *_waves(q)).real
    kernel = dipole.dipole_kernel(*dipoles) + bonds
    hessian = np.moveaxis(kernel, (0, 1), (-2, -1)) + np.diag(material.onsite.hessian)
    eigenvalues = np.linalg.eigvalsh(hessian)[..., 0]
    worst = np.unravel_index(eigenvalues.argmin(), eigenvalues.shape)
    if eigenvalues[worst] < 0:
        wave = ", ".join(f"{k / (2 * np.pi):.3g}" for k in q[(slice(None), *worst)])
        raise UnstableKernelError(
            f"the ferroelectric state of the bulk is unstable: its Hessian has the eigenvalue "
            f"{eigenvalues[worst]:.3g} eV/Å² at q = ({wave}) (units of 2π/a), whether or not the "
            "slab's lattice holds that wave; choose another short_range.preset"
        )


def _waves(q):
    """exp(iqR) of R = −1, 0, 1 along each axis, three ndarrays of shape (3, ...)."""
    shifts = np.array([-1, 0, 1])
    return [np.exp(1j * np.multiply.outer(shifts, component)) for component in q]
