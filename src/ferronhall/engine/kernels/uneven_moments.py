"""The balance moments of an uneven crystal's sites (see balance_moments and uneven).

With the scaled state and force of uneven all products but those of the bonds are the same: what a
force does to a velocity or to an arm is scaled away. The bonds take the actual w, v and Δ. A pinned
site takes and gives nothing by itself; the torque that holds it counts as that of the dipoles.
"""

from ferronhall.engine.kernels import kernel
from ferronhall.engine.kernels.bond_terms import cross, natural, store
from ferronhall.engine.kernels.integrator import kick, rotate
from ferronhall.engine.kernels.uneven import site_force


@kernel
def sample_uneven_sites(w, v, force, coefficients, u, m, loss, amplitude, tiles, sums):
    """balance_moments.sample_sites of a member m whose sites differ; the force is the whole one."""
    nx, nz = tiles.shape[:2]
    ny = sums.shape[2]
    wells, r = coefficients.wells, coefficients.rotation[m]
    row, n5 = u.row[m], u.onsite[m]
    rotation = (r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], r[8])
    half_step, half_kick, full_kick = (
        coefficients.drift,
        coefficients.half_kick,
        coefficients.kick,
    )
    half, one = tiles.dtype.type(0.5), tiles.dtype.type(1)
    for x in range(nx):
        for z in range(nz):
            for j in range(ny):
                p = (x * nz + z) * ny + j
                y = natural(j, ny)
                share, g, push = u.stiffness[row, p], u.inverse[row, p], u.push[row, p]
                e, s = loss[p], amplitude[p]
                c = one - e
                wx, wy, wz = w[0, p], w[1, p], w[2, p]
                ox, oy, oz = site_force(u, wells, m, j, share, g * wx, g * wy, g * wz)
                ox, oy, oz = push * ox, push * oy, push * oz
                lx, ly, lz = force[0, p] - ox, force[1, p] - oy, force[2, p] - oz
                vx = kick(v[0, p], force[0, p], half_kick)
                vy = kick(v[1, p], force[1, p], half_kick)
                vz = kick(v[2, p], force[2, p], half_kick)
                ax = kick(v[0, p], force[0, p], full_kick)
                ay = kick(v[1, p], force[1, p], full_kick)
                az = kick(v[2, p], force[2, p], full_kick)
                bx, by, bz = rotate(rotation, ax, ay, az)
                ex, ey, ez = rotate(rotation, bx, by, bz)
                dx = half_step * (ax + c * ex)
                dy = half_step * (ay + c * ey)
                dz = half_step * (az + c * ez)
                mx, my, mz = wx + half * dx, wy + half * dy, wz + half * dz
                fx, fy, fz = site_force(u, wells, m, j, share, g * mx, g * my, g * mz)
                a1, a2, a3, a4, a5 = n5[0], n5[1], n5[2], n5[3], n5[4]
                if wells.shape[2]:
                    a1, a2, a3 = wells[m, 0, j], wells[m, 1, j], wells[m, 2, j]
                    a4, a5 = wells[m, 3, j], wells[m, 4, j]
                q = g * mx
                trace = a1 + q * (2 * a2 + q * (3 * a3 + q * (4 * a4 + q * 5 * a5))) + 2 * n5[5]
                spread = half * (half_step * s * push) * (half_step * s * push) * share
                hx, hy = wx + half_step * ax, wy + half_step * ay
                sums[0, x, y] += vx * ox + vy * oy + vz * oz
                sums[1, x, y] += vx * lx + vy * ly + vz * lz
                sums[2, x, y] += ax * ax + ay * ay + az * az
                sums[3, x, y] += push * (fx * dx + fy * dy + fz * dz) - spread * trace
                sums[4, x, y] += vx * vx
                sums[5, x, y] += g * wx
                sums[6, x, y] += (g * wx) * (g * wx)
                sums[7, x, y] += cross(wx, wy, ox, oy)
                sums[8, x, y] += cross(wx, wy, lx, ly)
                sums[9, x, y] += cross(hx, hy, bx - ax + c * (ex - bx), by - ay + c * (ey - by))
                sums[10, x, y] += cross(hx, hy, -e * bx, -e * by)
                wx, wy, wz, dx, dy, dz = g * wx, g * wy, g * wz, g * dx, g * dy, g * dz
                vx, vy, vz = g * vx, g * vy, g * vz
                store(tiles, x, z, y, (wx, wy, wz, vx, vy, vz, dx, dy, dz))
