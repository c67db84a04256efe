"""Sites of a stiffness and a mass of their own, and pinned ones (see model.disorder).

State and force are those of the average crystal: with m = M/M̄ a site's mass over the mean,

    w → √m w        v → √m v        F → F/√m

obey its equation of motion with M̄ everywhere, whose noise is the same at every site, and every
quadratic moment of them is weighted by the site's mass as it should be. So advance needs to know
nothing of the masses: before it the state is unscaled, and the force scaled, the on-site part of
it included. A pinned site is put back where it is held after every substep. Without disorder
nothing here is called.
"""

from collections import namedtuple

import numpy as np

from ferronhall.engine.kernels import borrowing, formula, kernel
from ferronhall.engine.kernels.integrator import kick, onsite_force
from ferronhall.engine.kernels.layered_well import well_force

# part of what numba caches, so it stands in the folder whose digest names the cache
Uneven = namedtuple("Uneven", "onsite row stiffness inverse push offset held place actual")
"""onsite : (members, 6), as in Coefficients, which have none then
row : (members,), which of the rows below a member has
stiffness, inverse, push : (rows, sites), that over the mean, 1/√m, and the same but 0 where pinned
offset : (ny,), V∥′ at rest (eV/Å) in storage order, without the tilt
held, place : (pinned,), sites that row 0 holds, and their √m w_x (Å)
actual : (members, 3, sites), where the displacement is unscaled
"""


@formula
def site_force(u, wells, m, j, share, wx, wy, wz):
    """On-site force of a site in layer j (in storage order) at its actual displacement."""
    o = u.onsite[m]
    fx, fy, fz = onsite_force((o[0], o[1], o[2], o[3], o[4], o[5]), wx, wy, wz)
    if wells.shape[2]:
        fx += well_force(wells, m, j, wx)
    fx, fy, fz = share * fx, share * fy, share * fz
    # at rest it is balanced in the average crystal
    return fx - (share * u.offset[j] - u.offset[j]), fy, fz


@kernel
def unscale(w, u):
    """The displacement of every site, from √m w to u.actual."""
    for m in range(w.shape[0]):
        for c in range(3):
            multiply_sites(w[m, c], u.inverse[u.row[m]], u.actual[m, c])


@borrowing
def multiply_sites(a, b, out):
    """out = a · b, site by site; in a function of its own for the reason of advance_sites."""
    for p in range(np.uint64(a.shape[0])):
        out[p] = a[p] * b[p]


@kernel
def complete_force(u, wells, force):
    """Add the on-site force to the linear one, scaled as the state: F/√m, and none where pinned."""
    for m in range(force.shape[0]):
        cells = (u.stiffness[u.row[m]], u.push[u.row[m]])
        if wells.shape[2]:
            complete_layers(u, wells, m, *cells, u.actual[m], force[m])
        else:
            complete_sites(u.onsite[m], u.offset, *cells, u.actual[m], force[m])


@borrowing
def complete_sites(onsite, offset, stiffness, push, w, force):
    """complete_force of one member, without walls."""
    ny = np.uint64(offset.shape[0])
    o = (onsite[0], onsite[1], onsite[2], onsite[3], onsite[4], onsite[5])
    for column in range(np.uint64(w.shape[1]) // ny):
        start = np.uint64(column) * ny
        for j in range(ny):
            p = start + j
            fx, fy, fz = onsite_force(o, w[0, p], w[1, p], w[2, p])
            share, factor = stiffness[p], push[p]
            fx = share * fx - (share * offset[j] - offset[j])
            force[0, p] = factor * (force[0, p] + fx)
            force[1, p] = factor * (force[1, p] + share * fy)
            force[2, p] = factor * (force[2, p] + share * fz)


@borrowing
def complete_layers(u, wells, m, stiffness, push, w, force):
    """complete_force of one member whose layers have wells of their own."""
    ny = u.offset.shape[0]
    for column in range(w.shape[1] // ny):
        for j in range(ny):
            p = column * ny + j
            fx, fy, fz = site_force(u, wells, m, j, stiffness[p], w[0, p], w[1, p], w[2, p])
            force[0, p] = push[p] * (force[0, p] + fx)
            force[1, p] = push[p] * (force[1, p] + fy)
            force[2, p] = push[p] * (force[2, p] + fz)


@kernel
def hold(w, v, u):
    """Put the pinned sites back where they are held."""
    for m in range(w.shape[0]):
        if u.row[m] == 0:
            for n in range(u.held.shape[0]):
                p = u.held[n]
                w[m, 0, p], w[m, 1, p], w[m, 2, p] = u.place[n], 0, 0
                v[m, 0, p], v[m, 1, p], v[m, 2, p] = 0, 0, 0


@kernel
def sample_uneven(w, v, force, inverse, half_kick, sums):
    """integrator.sample of one member: v² and w × v weighted by M/M̄, w_x and w_x² as they are.

    w, v, force : ndarray, shape (3, sites), scaled; the force is the whole one
    inverse : ndarray, shape (sites,), 1/√m
    """
    nx, ny = sums.shape[1:]
    nz = w.shape[1] // (nx * ny)
    for x in range(nx):
        for z in range(nz):
            start = np.uint64((x * nz + z) * ny)
            for y in range(np.uint64(ny)):
                p = start + y
                wx, wy = w[0, p], w[1, p]
                vx = kick(v[0, p], force[0, p], half_kick)
                vy = kick(v[1, p], force[1, p], half_kick)
                vz = kick(v[2, p], force[2, p], half_kick)
                actual = inverse[p] * wx
                sums[0, x, y] += vx * vx + vy * vy + vz * vz
                sums[1, x, y] += actual
                sums[2, x, y] += wx * vy - wy * vx
                sums[3, x, y] += actual * actual
