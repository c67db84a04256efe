"""What one bond to a neighbour adds to the moments of the sites of a tile (see balance_moments)."""

import numpy as np

from ferronhall.engine.kernels import formula

LANES = 16
"""Layers along y of one tile, whose known length lets the compiler use vector instructions."""

WIDTH = LANES + 2
"""Places of a tile's row. Its first and last column belong to the next tiles."""


@formula
def cross(ax, ay, bx, by):
    """z component of a × b."""
    return ax * by - ay * bx


@formula
def natural(j, ny):
    """Layer whose place in storage is j."""
    even = (ny + 1) // 2
    return j if j < even else ny - 1 - (j - even)


@formula
def store(tiles, x, z, y, site):
    """Put w, v and Δ of a site, nine numbers, into its tile and those that look over to it.

    tiles : ndarray, shape (nx, nz, tiles, 9, WIDTH); y : its layer
    """
    n, place = y // LANES, y % LANES + 1
    for row in range(9):
        tiles[x, z, n, row, place] = site[row]
        if place == 1 and n > 0:
            tiles[x, z, n - 1, row, LANES + 1] = site[row]
        if place == LANES and n < tiles.shape[2] - 1:
            tiles[x, z, n + 1, row, 0] = site[row]


@formula
def state_of(tiles, place):
    """w, v and Δ of one site, nine numbers, from flat tiles."""
    return (
        tiles[place],
        tiles[place + np.uint64(WIDTH)],
        tiles[place + np.uint64(2 * WIDTH)],
        tiles[place + np.uint64(3 * WIDTH)],
        tiles[place + np.uint64(4 * WIDTH)],
        tiles[place + np.uint64(5 * WIDTH)],
        tiles[place + np.uint64(6 * WIDTH)],
        tiles[place + np.uint64(7 * WIDTH)],
        tiles[place + np.uint64(8 * WIDTH)],
    )


@formula
def stiffness_of(bonds, x, y, z):
    """The matrix of one bond, nine numbers by row."""
    return (
        bonds[x, y, z, 0, 0],
        bonds[x, y, z, 0, 1],
        bonds[x, y, z, 0, 2],
        bonds[x, y, z, 1, 0],
        bonds[x, y, z, 1, 1],
        bonds[x, y, z, 1, 2],
        bonds[x, y, z, 2, 0],
        bonds[x, y, z, 2, 1],
        bonds[x, y, z, 2, 2],
    )


@formula
def with_bond(total, here, there, k, within, half, along_x, along_y):
    """`total` and what one bond adds to it, nine numbers; here and there are those of state_of.

    They are the force (Eq. S25), J^E (S30), its moments R/2 along x and y, the bond's energy at the
    other end of the drift, and the moments of J^L (S37) without Λ/M. within : 0 where there is no
    bond, else 1
    """
    xx, xy, xz, yx, yy, yz, zx, zy, zz = k
    wx, wy, wz, vx, vy, vz, dx, dy, dz = here
    ux, uy, uz = within * (there[0] - wx), within * (there[1] - wy), within * (there[2] - wz)
    fx = -(xx * ux + xy * uy + xz * uz)
    fy = -(yx * ux + yy * uy + yz * uz)
    fz = -(zx * ux + zy * uy + zz * uz)
    gx, gy, gz = within * (there[6] - dx), within * (there[7] - dy), within * (there[8] - dz)
    ux, uy, uz = ux + half * gx, uy + half * gy, uz + half * gz
    mx = -(xx * ux + xy * uy + xz * uz)
    my = -(yx * ux + yy * uy + yz * uz)
    mz = -(zx * ux + zy * uy + zz * uz)
    sx, sy, sz = there[3] + vx, there[4] + vy, there[5] + vz
    flow = -half * (sx * fx + sy * fy + sz * fz)
    spin = wy * fx - wx * fy
    return (
        total[0] + fx,
        total[1] + fy,
        total[2] + fz,
        total[3] + flow,
        total[4] + along_x * flow,
        total[5] + along_y * flow,
        total[6] + (mx * gx + my * gy + mz * gz),
        total[7] + along_x * spin,
        total[8] + along_y * spin,
    )


@formula
def add_bonds(tiles, own, other, bonds, ex, ez, within, total):
    """Add to `total` the three bonds of every site of a tile to one of its neighbouring columns.

    tiles : ndarray
        All tiles, flat; own and other : where the tile and its neighbour begin.
    within : ndarray, shape (3, LANES)
        Whether the site towards y − 1, y and y + 1 is one of the slab, 1 or 0.
    """
    below, level = stiffness_of(bonds, ex + 1, 0, ez + 1), stiffness_of(bonds, ex + 1, 1, ez + 1)
    above = stiffness_of(bonds, ex + 1, 2, ez + 1)
    half, one = tiles.dtype.type(0.5), tiles.dtype.type(1)
    along_x = half * tiles.dtype.type(ex)
    for i in range(np.uint64(LANES)):
        here = state_of(tiles, own + i + np.uint64(1))
        t = (
            total[0, i],
            total[1, i],
            total[2, i],
            total[3, i],
            total[4, i],
            total[5, i],
            total[6, i],
            total[7, i],
            total[8, i],
        )
        there = state_of(tiles, other + i)
        t = with_bond(t, here, there, below, within[0, i], half, along_x, -half)
        there = state_of(tiles, other + i + np.uint64(1))
        t = with_bond(t, here, there, level, one, half, along_x, half - half)
        there = state_of(tiles, other + i + np.uint64(2))
        t = with_bond(t, here, there, above, within[2, i], half, along_x, half)
        total[0, i], total[1, i], total[2, i] = t[0], t[1], t[2]
        total[3, i], total[4, i], total[5, i] = t[3], t[4], t[5]
        total[6, i], total[7, i], total[8, i] = t[6], t[7], t[8]


@formula
def add_bilinear(tiles, own, other, along, shift, sign, within, total):
    """Add half of the bilinear w_x(0) R·w(R) − w_x(R) R·w(0) of one bond of every site of a tile.

    along : row of the component along the bond; shift : its R along y; sign : R in its direction
    """
    weight = tiles.dtype.type(0.5) * tiles.dtype.type(sign)
    for i in range(np.uint64(LANES)):
        x, x_there = tiles[own + i + np.uint64(1)], tiles[other + i + np.uint64(1 + shift)]
        y = tiles[own + i + np.uint64(along * WIDTH + 1)]
        y_there = tiles[other + i + np.uint64(along * WIDTH + 1 + shift)]
        total[9, i] += within[1 + shift, i] * (weight * (x * y_there - x_there * y))


@formula
def gather(tiles, own, total, gathered):
    """Add one tile's bond moments, in the order of BOND_MOMENTS, in double precision."""
    half = tiles.dtype.type(0.5)
    for i in range(np.uint64(LANES)):
        wx, wy, _, vx, vy, vz, _, _, _ = state_of(tiles, own + i + np.uint64(1))
        fx, fy, fz = total[0, i], total[1, i], total[2, i]
        gathered[0, i] += vx * fx + vy * fy + vz * fz
        gathered[1, i] += total[3, i]
        gathered[2, i] += total[4, i]
        gathered[3, i] += total[5, i]
        gathered[4, i] -= half * total[6, i]
        gathered[5, i] += cross(wx, wy, fx, fy)
        gathered[6, i] += total[7, i]
        gathered[7, i] += total[8, i]
        gathered[8, i] += total[9, i]
