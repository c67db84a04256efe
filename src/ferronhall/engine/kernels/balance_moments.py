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
from ferronhall.engine.kernels.bond_terms import (
    LANES,
    TERMS,
    WIDTH,
    add_bonds,
    add_ends,
    add_terms,
    add_upward,
    cross,
    natural,
    stiffness_of,
    store,
    tile_start,
)
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
"""What is summed, in order; see ferronhall.engine.balance_variables for meaning and unit."""

_FIRST, BONDS = len(SITE_MOMENTS), len(BOND_MOMENTS)

ROWS = 9
"""Rows of a tile: w, v and Δ by component."""


_SINGLE = 16
"""Columns along z whose bonds are summed in the state's precision, before that of the sums."""


@formula
def onsite_stiffness(onsite, wx):
    """Trace of the on-site Hessian (eV/Å²)."""
    n1, n2, n3, n4, n5, transverse = onsite
    well = n1 + wx * (2 * n2 + wx * (3 * n3 + wx * (4 * n4 + wx * 5 * n5)))
    return well + 2 * transverse


@formula
def add_sites(site, well, transverse, part, rotation, rates, moments, state):
    """Add the moments of some sites by themselves, in the order of SITE_MOMENTS, to `moments`.

    site : ndarray, shape (11, LANES)
        w, v, force by component, loss and amplitude.
    well : ndarray, shape (5, LANES)
        Of integrator.onsite_force; part : 1 where the wells are part of the force, else 0.
    state : ndarray, shape (ROWS, LANES)
        Takes w, v and Δ.
    """
    half, one = site.dtype.type(0.5), site.dtype.type(1)
    drift, half_kick, full_kick = rates
    for i in range(LANES):
        onsite = (well[0, i], well[1, i], well[2, i], well[3, i], well[4, i], transverse)
        wx, wy, wz = site[0, i], site[1, i], site[2, i]
        e, s = site[9, i], site[10, i]
        c = one - e
        ox, oy, oz = onsite_force(onsite, wx, wy, wz)
        lx, ly, lz = site[6, i] - part * ox, site[7, i], site[8, i]
        vx = kick(site[3, i], ox + lx, half_kick)
        vy = kick(site[4, i], oy + ly, half_kick)
        vz = kick(site[5, i], oz + lz, half_kick)
        ax = kick(site[3, i], ox + lx, full_kick)
        ay = kick(site[4, i], oy + ly, full_kick)
        az = kick(site[5, i], oz + lz, full_kick)
        bx, by, bz = rotate(rotation, ax, ay, az)
        ex, ey, ez = rotate(rotation, bx, by, bz)
        dx = drift * (ax + c * ex)
        dy = drift * (ay + c * ey)
        dz = drift * (az + c * ez)
        mx, my, mz = wx + half * dx, wy + half * dy, wz + half * dz
        fx, fy, fz = onsite_force(onsite, mx, my, mz)
        spread = half * (drift * s) * (drift * s)
        hx, hy = wx + drift * ax, wy + drift * ay
        moments[0, i] += vx * ox + vy * oy + vz * oz
        moments[1, i] += vx * lx + vy * ly + vz * lz
        moments[2, i] += ax * ax + ay * ay + az * az
        moments[3, i] += fx * dx + fy * dy + fz * dz - spread * onsite_stiffness(onsite, mx)
        moments[4, i] += vx * vx
        moments[5, i] += wx
        moments[6, i] += wx * wx
        moments[7, i] += cross(wx, wy, ox, oy)
        moments[8, i] += cross(wx, wy, lx, ly)
        moments[9, i] += cross(hx, hy, bx - ax + c * (ex - bx), by - ay + c * (ey - by))
        moments[10, i] += cross(hx, hy, -e * bx, -e * by)
        state[0, i], state[1, i], state[2, i] = wx, wy, wz
        state[3, i], state[4, i], state[5, i] = vx, vy, vz
        state[6, i], state[7, i], state[8, i] = dx, dy, dz


@kernel
def sample_sites(w, v, force, coefficients, m, loss, amplitude, tiles, sums):
    """Add the moments of each site of member m by itself, and lay w, v and Δ out in tiles."""
    nx, nz = tiles.shape[:2]
    ny = sums.shape[2]
    o, r, a = coefficients.onsite[m], coefficients.rotation[m], coefficients.wells[m]
    rotation = (r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], r[8])
    drift, half_kick, full_kick = coefficients.drift, coefficients.half_kick, coefficients.kick
    layered = a.shape[1] > 0
    part = tiles.dtype.type(1 if layered else 0)
    # allocated here with a known size: else the compiler would not use vector instructions
    site, well = np.zeros((11, LANES), tiles.dtype), np.zeros((5, LANES), tiles.dtype)
    moments, state = np.zeros((_FIRST, LANES)), np.zeros((ROWS, LANES), tiles.dtype)
    for first in range(0, ny, LANES):
        layers = min(LANES, ny - first)
        for row in range(5):
            for i in range(layers):
                well[row, i] = a[row, first + i] if layered else o[row]
        for x in range(nx):
            for row in range(_FIRST):
                for i in range(layers):
                    moments[row, i] = sums[row, x, natural(first + i, ny)]
            for z in range(nz):
                start = np.uint64((x * nz + z) * ny + first)
                for i in range(np.uint64(layers)):
                    p = start + i
                    site[0, i], site[1, i], site[2, i] = w[0, p], w[1, p], w[2, p]
                    site[3, i], site[4, i], site[5, i] = v[0, p], v[1, p], v[2, p]
                    site[6, i], site[7, i], site[8, i] = force[0, p], force[1, p], force[2, p]
                    site[9, i], site[10, i] = loss[p], amplitude[p]
                rates = (drift, half_kick, full_kick)
                add_sites(site, well, o[5], part, rotation, rates, moments, state)
                for i in range(layers):
                    store(tiles, x, z, natural(first + i, ny), state[:, i])
            for row in range(_FIRST):
                for i in range(layers):
                    sums[row, x, natural(first + i, ny)] = moments[row, i]


@kernel
def part_cubic_well(tiles, cubic, m, half_step, amplitude, sums):
    """Count a cubic potential as on-site, where it was part of the force given.

    After sample_sites, which has left w, v and Δ in tiles.
    """
    nx, nz = tiles.shape[:2]
    ny = sums.shape[2]
    half = tiles.dtype.type(0.5)
    for x in range(nx):
        for z in range(nz):
            for j in range(ny):
                y = natural(j, ny)
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
    """Add the moments of the short-range bonds, each of them visited once for both of its ends."""
    nx, nz, count = tiles.shape[:3]
    ny, flat, moments = sums.shape[2], tiles.reshape(-1), sums[_FIRST:]
    # allocated here with a known size: else the compiler would not use vector instructions
    within, terms = np.ones((3, LANES), tiles.dtype), np.zeros((6, TERMS, LANES), tiles.dtype)
    near, far = np.zeros((BONDS, LANES)), np.zeros((2, BONDS, WIDTH))
    for n in range(count):
        layers = min(LANES, ny - n * LANES)
        # a bond that would lead out of a face carries nothing
        within[0, 0] = n > 0
        within[2, layers - 1] = n < count - 1
        within[:, layers:] = 0
        for x in range(nx):
            for first in range(0, nz, _SINGLE):
                terms[:] = 0
                for z in range(first, min(first + _SINGLE, nz)):
                    after, ahead = (z + 1) % nz, (x + 1) % nx
                    own = tile_start(tiles, x, z, n)
                    beside = tile_start(tiles, x, after, n)
                    others = (
                        tile_start(tiles, ahead, (z - 1) % nz, n),
                        tile_start(tiles, ahead, z, n),
                        tile_start(tiles, ahead, after, n),
                    )
                    # unsigned, or every index would be checked for being negative
                    for ey in range(np.uint64(3)):
                        ks = (
                            stiffness_of(bonds, 1, ey, 2),
                            stiffness_of(bonds, 2, ey, 0),
                            stiffness_of(bonds, 2, ey, 1),
                            stiffness_of(bonds, 2, ey, 2),
                        )
                        # a row begins at the layer before the tile's first one
                        there = (beside + ey, others[0] + ey, others[1] + ey, others[2] + ey)
                        add_bonds(flat, own, there, ks, within, ey, terms)
                    add_upward(flat, own, beside, stiffness_of(bonds, 1, 2, 1), within, terms)
                for group in range(6):
                    add_terms(terms, group, group // 3, group % 3 - 1, near, far)
            add_ends(near, far, x, n * LANES, moments)


@kernel
def sample_balances(w, v, force, coefficients, cubic, uneven, loss, amplitude, plan):
    """Add one sample of the z-summed MOMENTS of the first members to plan.sums.

    w, v, force, coefficients, loss, amplitude : as for integrator.advance, before it
    cubic, uneven : those of the coefficients, None where there are none
    plan : BalancePlan, with
        bonds : ndarray, shape (3, 3, 3, 3, 3), eV/Å²
            K_sr(R), see short_range.kernel.
        tiles : ndarray, shape (nx, nz, tiles, ROWS, LANES + 2), scratch
        sums : ndarray float64, shape (members sampled, len(MOMENTS), nx, ny), y in natural order
    """
    for m in range(plan.sums.shape[0]):
        state = (w[m], v[m], force[m])
        if uneven is not None:
            cells = (coefficients, uneven, m)
            sample_uneven_sites(*state, *cells, loss, amplitude, plan.tiles, plan.sums[m])
        else:
            sample_sites(*state, coefficients, m, loss, amplitude, plan.tiles, plan.sums[m])
        if cubic is not None:
            own = (cubic, m, coefficients.drift, amplitude)
            part_cubic_well(plan.tiles, *own, plan.sums[m])
        sample_bonds(plan.tiles, plan.bonds, plan.sums[m])
