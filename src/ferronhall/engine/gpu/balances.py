"""Samples of the balance moments on a device: engine.kernels.balance_moments, members last.

Two passes: one over the sites, which leaves the closed velocity and the mean drift of each in
memory, and one over their 26 bonds, which reads them. A thread has one column along z of one state.
Sums are in double precision, y in natural order.
"""

from numba import cuda

from ferronhall.engine.gpu.cubic_well import coefficients_of, cubic_force
from ferronhall.engine.gpu.device import formula, function
from ferronhall.engine.gpu.integrator import (
    column_of,
    kick,
    onsite_force,
    onsite_of,
    rotate,
    rotation_of,
)
from ferronhall.engine.kernels import balance_moments, cubic_well
from ferronhall.engine.kernels.balance_moments import SITE_MOMENTS

cross = formula(balance_moments.cross)
onsite_stiffness = formula(balance_moments.onsite_stiffness)
cubic_stiffness = formula(cubic_well.cubic_stiffness)

FIRST = len(SITE_MOMENTS)
SUMS = 20
"""Moments that the two passes add up, as balance_moments.MOMENTS."""

SCRATCH = 6
"""Numbers that the first pass leaves of a site: v and Δ."""


@function
def member_of(sampled, each, fields):
    """Number of a sampled state among all members: the first `fields` of a replica's `each`."""
    return sampled // fields * each + sampled % fields


@function
def stored(y, ny):
    """Where layer y is stored."""
    if 2 * y < ny:
        return y
    return (ny + 1) // 2 + ny - 1 - y


@function
def well_of(a, m, j, across):
    """The on-site coefficients of a member in layer j, of an array (members, 5, ny)."""
    return a[m, 0, j], a[m, 1, j], a[m, 2, j], a[m, 3, j], a[m, 4, j], across


@cuda.jit
def sample_sites(w, v, force, constants, loss, amplitude, nz, each, fields, scratch, sums):
    """Add the moments of each site by itself, and leave v and Δ.

    constants : tuple of onsites, rotations, whether each layer has a well of its own, these wells,
        h/2, h/(2M), h/M
    scratch : shape (SCRATCH, sites, states sampled)
    sums : float64, shape (moments, nx, ny, states sampled)
    """
    onsites, rotations, layered, wells, half_step, half_kick, full_kick = constants
    nx, ny, states = sums.shape[1], sums.shape[2], sums.shape[3]
    state, x, y = column_of(cuda.grid(1), states, ny)
    if x >= nx:
        return
    m = member_of(state, each, fields)
    onsite, rotation = onsite_of(onsites, m), rotation_of(rotations, m)
    one = loss.dtype.type(1)
    half = loss.dtype.type(0.5)
    for z in range(nz):
        p = (x * nz + z) * ny + stored(y, ny)
        e, s = loss[p], amplitude[p]
        c = one - e
        wx, wy, wz = w[0, p, m], w[1, p, m], w[2, p, m]
        lx, ly, lz = force[0, p, m], force[1, p, m], force[2, p, m]
        if layered:
            onsite = well_of(wells, m, stored(y, ny), onsite[5])
        ox, oy, oz = onsite_force(onsite, wx, wy, wz)
        if layered:
            # the wells are part of the force given
            lx -= ox
        vx = kick(v[0, p, m], ox + lx, half_kick)
        vy = kick(v[1, p, m], oy + ly, half_kick)
        vz = kick(v[2, p, m], oz + lz, half_kick)
        ax = kick(v[0, p, m], ox + lx, full_kick)
        ay = kick(v[1, p, m], oy + ly, full_kick)
        az = kick(v[2, p, m], oz + lz, full_kick)
        bx, by, bz = rotate(rotation, ax, ay, az)
        ex, ey, ez = rotate(rotation, bx, by, bz)
        dx = half_step * (ax + c * ex)
        dy = half_step * (ay + c * ey)
        dz = half_step * (az + c * ez)
        mx, my, mz = wx + half * dx, wy + half * dy, wz + half * dz
        fx, fy, fz = onsite_force(onsite, mx, my, mz)
        spread = half * (half_step * s) * (half_step * s)
        hx, hy = wx + half_step * ax, wy + half_step * ay
        sums[0, x, y, state] += vx * ox + vy * oy + vz * oz
        sums[1, x, y, state] += vx * lx + vy * ly + vz * lz
        sums[2, x, y, state] += ax * ax + ay * ay + az * az
        work = fx * dx + fy * dy + fz * dz
        sums[3, x, y, state] += work - spread * onsite_stiffness(onsite, mx)
        sums[4, x, y, state] += vx * vx
        sums[5, x, y, state] += wx
        sums[6, x, y, state] += wx * wx
        sums[7, x, y, state] += cross(wx, wy, ox, oy)
        sums[8, x, y, state] += cross(wx, wy, lx, ly)
        sums[9, x, y, state] += cross(hx, hy, bx - ax + c * (ex - bx), by - ay + c * (ey - by))
        sums[10, x, y, state] += cross(hx, hy, -e * bx, -e * by)
        scratch[0, p, state], scratch[1, p, state], scratch[2, p, state] = vx, vy, vz
        scratch[3, p, state], scratch[4, p, state], scratch[5, p, state] = dx, dy, dz


@cuda.jit
def part_cubic_well(w, cubic, half_step, amplitude, nz, each, fields, scratch, sums):
    """Count a cubic potential as on-site, where it was part of the force given.

    cubic : shape (members, COEFFICIENTS, 1 or ny)
    scratch, sums : as sample_sites leaves them
    """
    nx, ny, states = sums.shape[1], sums.shape[2], sums.shape[3]
    state, x, y = column_of(cuda.grid(1), states, ny)
    if x >= nx:
        return
    m, j = member_of(state, each, fields), stored(y, ny)
    half = amplitude.dtype.type(0.5)
    for z in range(nz):
        p = (x * nz + z) * ny + j
        wx, wy, wz = w[0, p, m], w[1, p, m], w[2, p, m]
        vx, vy, vz = scratch[0, p, state], scratch[1, p, state], scratch[2, p, state]
        dx, dy, dz = scratch[3, p, state], scratch[4, p, state], scratch[5, p, state]
        c = coefficients_of(cubic, m, j if cubic.shape[2] > 1 else 0)
        ox, oy, oz = cubic_force(c, wx, wy, wz)
        mx, my, mz = wx + half * dx, wy + half * dy, wz + half * dz
        fx, fy, fz = cubic_force(c, mx, my, mz)
        s = amplitude[p]
        spread = half * (half_step * s) * (half_step * s)
        power = vx * ox + vy * oy + vz * oz
        work = fx * dx + fy * dy + fz * dz
        torque = cross(wx, wy, ox, oy)
        sums[0, x, y, state] += power
        sums[1, x, y, state] -= power
        sums[3, x, y, state] += work - spread * cubic_stiffness(c, mx, my, mz)
        sums[7, x, y, state] += torque
        sums[8, x, y, state] -= torque


@function
def against(k, row, ux, uy, uz):
    """A component of −K_sr(R) u."""
    return -(k[row, 0] * ux + k[row, 1] * uy + k[row, 2] * uz)


@cuda.jit
def sample_bonds(w, scratch, bonds, nz, each, fields, sums):
    """Add the moments of the short-range bonds, from both of their ends (see kernels.bond_terms).

    bonds : shape (3, 3, 3, 3, 3), eV/Å²
    scratch, sums : as sample_sites leaves them
    """
    nx, ny, states = sums.shape[1], sums.shape[2], sums.shape[3]
    state, x, y = column_of(cuda.grid(1), states, ny)
    if x >= nx:
        return
    m = member_of(state, each, fields)
    half = bonds.dtype.type(0.5)
    for z in range(nz):
        p = (x * nz + z) * ny + stored(y, ny)
        wx, wy, wz = w[0, p, m], w[1, p, m], w[2, p, m]
        vx, vy, vz = scratch[0, p, state], scratch[1, p, state], scratch[2, p, state]
        dx, dy, dz = scratch[3, p, state], scratch[4, p, state], scratch[5, p, state]
        tx = ty = tz = outflow = along_x = along_y = half - half
        work = spin_x = spin_y = bilinear = half - half
        for n in range(27):
            ex, ey, ez = n // 9 - 1, n // 3 % 3 - 1, n % 3 - 1
            # beyond a face there is no bond, and none of a cell with itself
            if n == 13 or not 0 <= y + ey < ny:
                continue
            column = (x + ex + nx) % nx * nz + (z + ez + nz) % nz
            q = column * ny + stored(y + ey, ny)
            k = bonds[ex + 1, ey + 1, ez + 1]
            qx, qy, qz = w[0, q, m], w[1, q, m], w[2, q, m]
            ux, uy, uz = qx - wx, qy - wy, qz - wz
            fx = against(k, 0, ux, uy, uz)
            fy = against(k, 1, ux, uy, uz)
            fz = against(k, 2, ux, uy, uz)
            gx = scratch[3, q, state] - dx
            gy = scratch[4, q, state] - dy
            gz = scratch[5, q, state] - dz
            ux, uy, uz = ux + half * gx, uy + half * gy, uz + half * gz
            moved = against(k, 0, ux, uy, uz) * gx + against(k, 1, ux, uy, uz) * gy
            work += moved + against(k, 2, ux, uy, uz) * gz
            sx = scratch[0, q, state] + vx
            sy = scratch[1, q, state] + vy
            sz = scratch[2, q, state] + vz
            flow = -half * (sx * fx + sy * fy + sz * fz)
            spin = wy * fx - wx * fy
            tx, ty, tz = tx + fx, ty + fy, tz + fz
            outflow += flow
            along_x += half * bonds.dtype.type(ex) * flow
            along_y += half * bonds.dtype.type(ey) * flow
            spin_x += half * bonds.dtype.type(ex) * spin
            spin_y += half * bonds.dtype.type(ey) * spin
            # of the nearest neighbours those along x drop out
            if ex == 0 and ez == 0:
                bilinear += half * bonds.dtype.type(ey) * (wx * qy - qx * wy)
            if ex == 0 and ey == 0:
                bilinear += half * bonds.dtype.type(ez) * (wx * qz - qx * wz)
        sums[FIRST, x, y, state] += vx * tx + vy * ty + vz * tz
        sums[FIRST + 1, x, y, state] += outflow
        sums[FIRST + 2, x, y, state] += along_x
        sums[FIRST + 3, x, y, state] += along_y
        sums[FIRST + 4, x, y, state] -= half * work
        sums[FIRST + 5, x, y, state] += cross(wx, wy, tx, ty)
        sums[FIRST + 6, x, y, state] += spin_x
        sums[FIRST + 7, x, y, state] += spin_y
        sums[FIRST + 8, x, y, state] += bilinear
