"""The well of a slab with domain walls: another polynomial in every layer.

It is added to the linear force, whose place in the substep it shares; the on-site coefficients of
integrator.Coefficients then have no well. Without walls nothing here is called.
"""

from ferronhall.engine.kernels import formula, kernel


@formula
def well_force(wells, m, j, wx):
    """−V′ of layer j (in storage order) at w_x from its rest, less that at rest."""
    well = wells[m, 3, j] + wx * wells[m, 4, j]
    return -wx * (wells[m, 0, j] + wx * (wells[m, 1, j] + wx * (wells[m, 2, j] + wx * well)))


@kernel
def add_well(w, wells, force):
    """Add the well's force along x to `force`, both of shape (members, 3, sites).

    wells : ndarray, shape (members, 5, ny), or (members, 5, sites) where every cell has its own
        Coefficients of w_x … w_x⁵, layers in storage order.
    """
    ny = wells.shape[2]
    for m in range(w.shape[0]):
        for row in range(w.shape[2] // ny):
            for j in range(ny):
                p = row * ny + j
                force[m, 0, p] += well_force(wells, m, j, w[m, 0, p])
