"""Sampling the balances of energy and angular momentum: powers, currents, torques (Eq. S25–S41).

A sample needs one substep's state alone. The kick's work is h F·v exactly; of what the rest of the
substep does, the expectation over the bath's noise is taken:

    mean drift         Δ = (h/2) (1 + R c R) v⁺              v⁺ the velocity after the kick
    potential energy   −F(w + Δ/2)·Δ and a noise part        exact for harmonic forces
    angular momentum   (w + h v⁺/2) × (R c R − 1) v⁺         magnetic and damping parts

The currents need the short-range force bond by bond, over the 26 neighbours. Angular momenta and
torques are about z and measured from u0, as in integrator.sample. The bonds carry one more moment,
the bilinear of nearest neighbours that a second-order polarization is made of (bond_polarization).
"""

from collections import namedtuple

import numpy as np

from ferronhall.engine.kernels import formula, kernel
from ferronhall.engine.kernels.bond_terms import LANES, add_bilinear, add_bond, cross, store
from ferronhall.engine.kernels.cubic_well import coefficients_of, cubic_force, cubic_stiffness
from ferronhall.engine.kernels.integrator import kick, onsite_force, rotate
from ferronhall.engine.kernels.uneven_moments import sample_uneven_sites

# part of what numba caches, so it stands in the folder whose digest names the cache
BalancePlan = namedtuple("BalancePlan", "every bonds tiles sums")

SITE_MOMENTS = (
    "onsite_power",
    "intercell_power",
    "kicked_speed_squared",
    "onsite_work",
    "longitudinal_speed_squared",
    "longitudinal_displacement",
    "longitudinal_displacement_squared",
    "onsite_torque",
    "intercell_torque",
    "magnetic_impulse",
    "damping_impulse",
)
BOND_MOMENTS = (
    "short_range_power",
    "energy_outflow",
    "energy_current_x",
    "energy_current_y",
    "bond_work",
    "short_range_torque",
    "spin_current_x",
    "spin_current_y",
    "bond_bilinear",
)
MOMENTS = SITE_MOMENTS + BOND_MOMENTS
"""What is summed, in order; see ferronhall.engine.balance_means for meaning and unit."""

_FIRST = len(SITE_MOMENTS)

ROWS = 9
"""Rows of a tile: w, v and Δ by component. Its first and last column belong to the next tiles."""


@formula
def onsite_stiffness(onsite, wx):
    """Trace of the on-site Hessian (eV/Å²)."""
    n1, n2, n3, n4, n5, transverse = onsite
    well = n1 + wx * (2 * n2 + wx * (3 * n3 + wx * (4 * n4 + wx * 5 * n5)))
    return well + 2 * transverse


@formula
def copy(source, target):
    """target = source for tiles, as one run of known length."""
    a, b = source.reshape(-1), target.reshape(-1)
    for i in range(ROWS * (LANES + 2)):
        b[i] = a[i]


@kernel
def sample_sites(w, v, force, coefficients, m, loss, amplitude, tiles, sums):
    """Add the moments of each site of member m by itself, and lay w, v and Δ out in tiles."""
    nx, nz, count = tiles.shape[:3]
    ny = sums.shape[2]
    ne = (ny + 1) // 2
    o, r = coefficients.onsite[m], coefficients.rotation[m]
    onsite = (o[0], o[1], o[2], o[3], o[4], o[5])
    rotation = (r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], r[8])
    a = coefficients.wells[m]
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
                y = j if j < ne else ny - 1 - (j - ne)
                e, s = loss[p], amplitude[p]
                c = one - e
                wx, wy, wz = w[0, p], w[1, p], w[2, p]
                lx, ly, lz = force[0, p], force[1, p], force[2, p]
                if a.shape[1]:
                    onsite = (a[0, j], a[1, j], a[2, j], a[3, j], a[4, j], o[5])
                ox, oy, oz = onsite_force(onsite, wx, wy, wz)
                if a.shape[1]:
                    # the wells are part of the force given
                    lx -= ox
                vx = kick(v[0, p], ox + lx, half_kick)
                vy = kick(v[1, p], oy + ly, half_kick)
                vz = kick(v[2, p], oz + lz, half_kick)
                ax = kick(v[0, p], ox + lx, full_kick)
                ay = kick(v[1, p], oy + ly, full_kick)
                az = kick(v[2, p], oz + lz, full_kick)
                bx, by, bz = rotate(rotation, ax, ay, az)
                ex, ey, ez = rotate(rotation, bx, by, bz)
                dx = half_step * (ax + c * ex)
                dy = half_step * (ay + c * ey)
                dz = half_step * (az + c * ez)
                mx, my, mz = wx + half * dx, wy + half * dy, wz + half * dz
                fx, fy, fz = onsite_force(onsite, mx, my, mz)
                spread = half * (half_step * s) * (half_step * s)
                hx, hy = wx + half_step * ax, wy + half_step * ay
                sums[0, x, y] += vx * ox + vy * oy + vz * oz
                sums[1, x, y] += vx * lx + vy * ly + vz * lz
                sums[2, x, y] += ax * ax + ay * ay + az * az
                sums[3, x, y] += fx * dx + fy * dy + fz * dz - spread * onsite_stiffness(onsite, mx)
                sums[4, x, y] += vx * vx
                sums[5, x, y] += wx
                sums[6, x, y] += wx * wx
                sums[7, x, y] += cross(wx, wy, ox, oy)
                sums[8, x, y] += cross(wx, wy, lx, ly)
                sums[9, x, y] += cross(hx, hy, bx - ax + c * (ex - bx), by - ay + c * (ey - by))
                sums[10, x, y] += cross(hx, hy, -e * bx, -e * by)
                n, place = y // LANES, y % LANES + 1
                store(tiles[x, z, n], place, wx, wy, wz, vx, vy, vz, dx, dy, dz)
                if place == 1 and n > 0:
                    store(tiles[x, z, n - 1], LANES + 1, wx, wy, wz, vx, vy, vz, dx, dy, dz)
                if place == LANES and n < count - 1:
                    store(tiles[x, z, n + 1], 0, wx, wy, wz, vx, vy, vz, dx, dy, dz)


@kernel
def part_cubic_well(tiles, cubic, m, half_step, amplitude, sums):
    """Count a cubic potential as on-site, where it was part of the force given.

    After sample_sites, which has left w, v and Δ in tiles.
    """
    nx, nz = tiles.shape[:2]
    ny = sums.shape[2]
    ne = (ny + 1) // 2
    half = tiles.dtype.type(0.5)
    for x in range(nx):
        for z in range(nz):
            for j in range(ny):
                y = j if j < ne else ny - 1 - (j - ne)
                t, i = tiles[x, z, y // LANES], y % LANES + 1
                wx, wy, wz = t[0, i], t[1, i], t[2, i]
                dx, dy, dz = t[6, i], t[7, i], t[8, i]
                c = coefficients_of(cubic, m, j if cubic.shape[2] > 1 else 0)
                ox, oy, oz = cubic_force(c, wx, wy, wz)
                mx, my, mz = wx + half * dx, wy + half * dy, wz + half * dz
                fx, fy, fz = cubic_force(c, mx, my, mz)
                s = amplitude[(x * nz + z) * ny + j]
                spread = half * (half_step * s) * (half_step * s)
                power = t[3, i] * ox + t[4, i] * oy + t[5, i] * oz
                work = fx * dx + fy * dy + fz * dz
                torque = cross(wx, wy, ox, oy)
                sums[0, x, y] += power
                sums[1, x, y] -= power
                sums[3, x, y] += work - spread * cubic_stiffness(c, mx, my, mz)
                sums[7, x, y] += torque
                sums[8, x, y] -= torque


@kernel
def sample_bonds(tiles, bonds, sums):
    """Add the moments of the short-range bonds, from both of their ends."""
    nx, nz, count = tiles.shape[:3]
    ny = sums.shape[2]
    # allocated here with a known size: else the compiler would not use vector instructions
    centre = np.zeros((ROWS, LANES + 2), tiles.dtype)
    here = centre[:, 1 : LANES + 1]
    beside = np.zeros((ROWS, LANES + 2), tiles.dtype)
    total = np.zeros((10, LANES), tiles.dtype)
    half = tiles.dtype.type(0.5)
    for x in range(nx):
        for z in range(nz):
            for n in range(count):
                copy(tiles[x, z, n], centre)
                layers = min(LANES, ny - n * LANES)
                total[:] = 0
                for column in range(9):
                    ex, ez = column // 3 - 1, column % 3 - 1
                    copy(tiles[(x + ex) % nx, (z + ez) % nz, n], beside)
                    # a cell is its own neighbour beyond a face: the bond then carries nothing
                    for row in range(ROWS):
                        if n == 0:
                            beside[row, 0] = here[row, 0]
                        if n == count - 1:
                            beside[row, layers + 1] = here[row, layers - 1]
                    for ey in range(-1, 2):
                        there = beside[:, ey + 1 : ey + 1 + LANES]
                        add_bond(here, there, bonds[ex + 1, ey + 1, ez + 1], half, ex, ey, total)
                        # of the nearest neighbours those along x drop out
                        if ex == 0 and (ey == 0) != (ez == 0):
                            along = here[1 if ez == 0 else 2]
                            beyond = there[1 if ez == 0 else 2]
                            add_bilinear(here[0], along, there[0], beyond, half, ey + ez, total[9])
                for i in range(layers):
                    y = n * LANES + i
                    fx, fy, fz = total[0, i], total[1, i], total[2, i]
                    power = here[3, i] * fx + here[4, i] * fy + here[5, i] * fz
                    sums[_FIRST, x, y] += power
                    sums[_FIRST + 1, x, y] += total[3, i]
                    sums[_FIRST + 2, x, y] += total[4, i]
                    sums[_FIRST + 3, x, y] += total[5, i]
                    sums[_FIRST + 4, x, y] -= half * total[6, i]
                    sums[_FIRST + 5, x, y] += cross(here[0, i], here[1, i], fx, fy)
                    sums[_FIRST + 6, x, y] += total[7, i]
                    sums[_FIRST + 7, x, y] += total[8, i]
                    sums[_FIRST + 8, x, y] += total[9, i]


@kernel
def sample_balances(w, v, force, coefficients, loss, amplitude, plan):
    """Add one sample of the z-summed MOMENTS of the first members to plan.sums.

    w, v, force, coefficients, loss, amplitude : as for integrator.advance, before it
    plan : BalancePlan, with
        bonds : ndarray, shape (3, 3, 3, 3, 3), eV/Å²
            K_sr(R), see short_range.kernel.
        tiles : ndarray, shape (nx, nz, tiles, ROWS, LANES + 2), scratch
        sums : ndarray float64, shape (members sampled, len(MOMENTS), nx, ny), y in natural order
    """
    for m in range(plan.sums.shape[0]):
        state = (w[m], v[m], force[m])
        if coefficients.uneven.actual.shape[0]:
            sample_uneven_sites(*state, coefficients, m, loss, amplitude, plan.tiles, plan.sums[m])
        else:
            sample_sites(*state, coefficients, m, loss, amplitude, plan.tiles, plan.sums[m])
        if coefficients.cubic.shape[2]:
            own = (coefficients.cubic, m, coefficients.drift, amplitude)
            part_cubic_well(plan.tiles, *own, plan.sums[m])
        sample_bonds(plan.tiles, plan.bonds, plan.sums[m])
