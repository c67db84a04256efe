"""A cubic on-site potential on a device: engine.kernels.cubic_well, members last."""

from numba import cuda

from ferronhall.engine.gpu.device import formula
from ferronhall.engine.kernels import cubic_well

coefficients_of = formula(cubic_well.coefficients_of)
cubic_force = formula(cubic_well.cubic_force)


@cuda.jit
def add_cubic_well(w, cubic, force):
    """Add the potential's force to `force`, both of shape (3, sites, members).

    cubic : ndarray, shape (members, COEFFICIENTS, 1 or ny), layers in storage order
    """
    sites, members = w.shape[1], w.shape[2]
    thread = cuda.grid(1)
    m, p = thread % members, thread // members
    if p < sites:
        j = p % cubic.shape[2]
        fx, fy, fz = cubic_force(coefficients_of(cubic, m, j), w[0, p, m], w[1, p, m], w[2, p, m])
        force[0, p, m] += fx
        force[1, p, m] += fy
        force[2, p, m] += fz
