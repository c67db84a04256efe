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
def tile_start(tiles, x, z, n):
    """Where one tile begins among all of them, flat."""
    _, nz, count, rows, width = tiles.shape
    return np.uint64(((x * nz + z) * count + n) * rows * width)


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


TERMS = 6
"""Sums over bonds that the moments of both ends are made of, see with_bond and add_upward."""


@formula
def with_bond(total, here, there, k, within, half):
    """`total` and what one bond adds to it, five numbers; here and there are those of state_of.

    With f the force on `here` (Eq. S25), that on `there` being −f, they are v·f at both ends, the
    bond's energy at the other end of the drift, and w_y f_x − w_x f_y at both ends.

    within : 0 where there is no bond, else 1
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
    return (
        total[0] + (vx * fx + vy * fy + vz * fz),
        total[1] + (there[3] * fx + there[4] * fy + there[5] * fz),
        total[2] + (mx * gx + my * gy + mz * gz),
        total[3] + (wy * fx - wx * fy),
        total[4] + (there[1] * fx - there[0] * fy),
    )


@formula
def terms_of(sums, n, i):
    """The five sums of with_bond of a group n of bonds at one place."""
    return sums[n, 0, i], sums[n, 1, i], sums[n, 2, i], sums[n, 3, i], sums[n, 4, i]


@formula
def keep(terms, sums, n, i):
    """The inverse of terms_of."""
    sums[n, 0, i], sums[n, 1, i], sums[n, 2, i], sums[n, 3, i], sums[n, 4, i] = terms


@formula
def add_bonds(tiles, own, others, ks, within, ey, sums):
    """Add one bond to x and three to x + 1, all towards one layer, of every site of a tile.

    tiles : ndarray
        All tiles, flat; own and others : where the tile begins, and where the neighbours stand.
    ks : tuples of stiffness_of
    within : ndarray, shape (3, LANES)
        Whether the neighbour towards y − 1, y and y + 1 is one of the slab, 1 or 0; ey : which.
    sums : ndarray, shape (6, TERMS, LANES)
        Of the bonds to x towards each layer, then of those to x + 1.
    """
    half, ahead = tiles.dtype.type(0.5), ey + np.uint64(3)
    for i in range(np.uint64(LANES)):
        here = state_of(tiles, own + i + np.uint64(1))
        w = within[ey, i]
        there = state_of(tiles, others[0] + i)
        keep(with_bond(terms_of(sums, ey, i), here, there, ks[0], w, half), sums, ey, i)
        t = terms_of(sums, ahead, i)
        t = with_bond(t, here, state_of(tiles, others[1] + i), ks[1], w, half)
        t = with_bond(t, here, state_of(tiles, others[2] + i), ks[2], w, half)
        t = with_bond(t, here, state_of(tiles, others[3] + i), ks[3], w, half)
        keep(t, sums, ahead, i)


@formula
def add_upward(tiles, own, beside, k, within, sums):
    """Add the bond to the next layer of every site of a tile, and the bilinear of two bonds.

    That is half of w_x(0) R·w(R) − w_x(R) R·w(0), the same at both ends; of the nearest neighbours
    those along x drop out. beside : where the tile of the neighbours along z begins
    """
    half, one, two = tiles.dtype.type(0.5), np.uint64(1), np.uint64(2)
    for i in range(np.uint64(LANES)):
        here, up = state_of(tiles, own + i + one), state_of(tiles, own + i + two)
        keep(with_bond(terms_of(sums, 2, i), here, up, k, within[2, i], half), sums, 2, i)
        sums[2, 5, i] += within[2, i] * (half * (here[0] * up[1] - up[0] * here[1]))
        x, z = tiles[beside + i + one], tiles[beside + i + np.uint64(2 * WIDTH + 1)]
        sums[1, 5, i] += half * (here[0] * z - x * here[2])


@formula
def add_terms(terms, n, ex, ey, near, far):
    """Add the sums of the bonds of group n, along (ex, ey), to the moments of their two ends.

    terms : ndarray, as the sums of add_bonds
    near : ndarray float64, shape (len(BOND_MOMENTS), LANES), of the ends at x
    far : ndarray float64, shape (2, len(BOND_MOMENTS), WIDTH), of the other ends, at x and x + 1
    """
    half_x, half_y = 0.5 * ex, 0.5 * ey
    for i in range(np.uint64(LANES)):
        u = i + np.uint64(1 + ey)
        here, there = np.float64(terms[n, 0, i]), np.float64(terms[n, 1, i])
        energy, bilinear = np.float64(terms[n, 2, i]), np.float64(terms[n, 5, i])
        spin, spin_there = np.float64(terms[n, 3, i]), np.float64(terms[n, 4, i])
        flow = -0.5 * (here + there)
        near[0, i] += here
        near[1, i] += flow
        near[2, i] += half_x * flow
        near[3, i] += half_y * flow
        near[4, i] -= 0.5 * energy
        near[5, i] -= spin
        near[6, i] += half_x * spin
        near[7, i] += half_y * spin
        near[8, i] += bilinear
        # R is reversed at the other end, and so is the force
        far[ex, 0, u] -= there
        far[ex, 1, u] -= flow
        far[ex, 2, u] += half_x * flow
        far[ex, 3, u] += half_y * flow
        far[ex, 4, u] -= 0.5 * energy
        far[ex, 5, u] += spin_there
        far[ex, 6, u] += half_x * spin_there
        far[ex, 7, u] += half_y * spin_there
        far[ex, 8, u] += bilinear


@formula
def add_ends(near, far, x, first, sums):
    """Add the moments of both ends of the bonds from a tile at x, whose first layer is `first`.

    near, far : as of add_terms, left empty
    sums : ndarray float64, shape (len(BOND_MOMENTS), nx, ny)
    """
    moments, nx, ny = sums.shape
    ahead = (x + 1) % nx
    for row in range(moments):
        for i in range(min(LANES, ny - first)):
            sums[row, x, first + i] += near[row, i]
        for place in range(max(0, 1 - first), min(WIDTH, ny - first + 1)):
            sums[row, x, first + place - 1] += far[0, row, place]
            sums[row, ahead, first + place - 1] += far[1, row, place]
    near[:] = 0
    far[:] = 0
