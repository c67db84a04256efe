"""The wells of a slab with domain walls on a device: engine.kernels.layered_well, members last."""

from numba import cuda

from ferronhall.engine.gpu.device import formula
from ferronhall.engine.kernels import layered_well

well_force = formula(layered_well.well_force)


@cuda.jit
def add_well(w, wells, force):
    """Add the well's force along x to `force`, both of shape (3, sites, members).

    wells : ndarray, shape (members, 5, ny), layers in storage order
    """
    sites, members = w.shape[1], w.shape[2]
    thread = cuda.grid(1)
    m, p = thread % members, thread // members
    if p < sites:
        force[0, p, m] += well_force(wells, m, p % wells.shape[2], w[0, p, m])
