"""What one bond to a neighbour adds to the moments of the sites of a tile (see balance_moments)."""

from ferronhall.engine.kernels import formula

LANES = 32
"""Layers along y of one tile, whose known length lets the compiler use vector instructions."""


@formula
def cross(ax, ay, bx, by):
    """z component of a × b."""
    return ax * by - ay * bx


@formula
def store(tile, place, wx, wy, wz, vx, vy, vz, dx, dy, dz):
    """Put what a site's bonds need into its place of a tile."""
    tile[0, place], tile[1, place], tile[2, place] = wx, wy, wz
    tile[3, place], tile[4, place], tile[5, place] = vx, vy, vz
    tile[6, place], tile[7, place], tile[8, place] = dx, dy, dz


@formula
def add_bond(here, there, k, half, ex, ey, total):
    """Add to `total` one bond of every site of a tile, towards R = (ex, ey, any).

    Rows of total: force (Eq. S25), J^E (S30), its moments R/2 along x and y, the bond's energy at
    its other end of the drift, and the moments of J^L (S37) without Λ/M.
    """
    xx, xy, xz = k[0, 0], k[0, 1], k[0, 2]
    yx, yy, yz = k[1, 0], k[1, 1], k[1, 2]
    zx, zy, zz = k[2, 0], k[2, 1], k[2, 2]
    along_x, along_y = half * here.dtype.type(ex), half * here.dtype.type(ey)
    for i in range(LANES):
        ux, uy, uz = there[0, i] - here[0, i], there[1, i] - here[1, i], there[2, i] - here[2, i]
        fx = -(xx * ux + xy * uy + xz * uz)
        fy = -(yx * ux + yy * uy + yz * uz)
        fz = -(zx * ux + zy * uy + zz * uz)
        gx, gy, gz = there[6, i] - here[6, i], there[7, i] - here[7, i], there[8, i] - here[8, i]
        ux, uy, uz = ux + half * gx, uy + half * gy, uz + half * gz
        mx = -(xx * ux + xy * uy + xz * uz)
        my = -(yx * ux + yy * uy + yz * uz)
        mz = -(zx * ux + zy * uy + zz * uz)
        sx, sy, sz = there[3, i] + here[3, i], there[4, i] + here[4, i], there[5, i] + here[5, i]
        flow = -half * (sx * fx + sy * fy + sz * fz)
        spin = here[1, i] * fx - here[0, i] * fy
        total[0, i] += fx
        total[1, i] += fy
        total[2, i] += fz
        total[3, i] += flow
        total[4, i] += along_x * flow
        total[5, i] += along_y * flow
        total[6, i] += mx * gx + my * gy + mz * gz
        total[7, i] += along_x * spin
        total[8, i] += along_y * spin


@formula
def add_bilinear(x, along, x_there, along_there, half, sign, total):
    """Add half of the bilinear w_x(0) R·w(R) − w_x(R) R·w(0) of one bond of every site of a tile.

    x, along : w_x and the component along the bond; sign : R in that direction, ±1
    """
    weight = half * x.dtype.type(sign)
    for i in range(LANES):
        total[i] += weight * (x[i] * along_there[i] - x_there[i] * along[i])
