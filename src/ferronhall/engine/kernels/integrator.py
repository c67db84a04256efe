"""One substep of the stochastic dynamics, Eq. S3, as B A G O G A B.

    B  kick      v += (h/2) F/M
    A  drift     w += (h/2) v
    G  rotate    v  = R(Ω_B h/2) v          exact rotation about the field
    O  bath      v  = c v + s ξ             exact Ornstein-Uhlenbeck, c = exp(−γh)

G O G is done at once, as c R² v + s R ξ. A weakly damped slab forgets an error of v² only after
1/(2γh) substeps, so what it does to ⟨v²⟩ has to be right far beyond the precision of one number.
The bath is therefore given the loss 1 − c, and R² no matrix, whose rounded columns are not
orthonormal, but the steps (Boris)

    a = v + t × v,   v ← v + f t × a,   t = tan(Ω_B h/2) B̂,   f = 2/(1 + t²)

which keep the length of v whatever the rounding of t, if f belongs to that t; f is the sum of two
numbers. Turn and bath each add one small change to v, so that its rounding is the only one that
counts, and is as often up as down.

Between substeps the velocity is kept *before* its closing half kick, which then merges with the
next opening one: one force, one pass over the sites. Sampling closes the kick on the fly.

The state is the displacement w = u − u0 from the ferroelectric minimum, so that single precision
resolves the small fluctuations of the cold regions. Sites are numbered along (x, z, y), y fastest.
"""

from collections import namedtuple

import numpy as np

from ferronhall.engine.kernels import borrowing, formula, kernel
from ferronhall.engine.kernels.noise import BLOCK, fill_normals

# part of what numba caches, so it stands in the folder whose digest names the cache
Coefficients = namedtuple(
    "Coefficients", "onsite rotation turn kick half_kick drift wells uneven cubic"
)
"""onsite, rotation and turn, shapes (members, 6), (members, 9) and (members, 5), are each member's
own: R by row; of R² t_x, t_y, t_z and the two parts of f, the large one first. wells stand in place
of onsite's first five where layers differ, see layered_well: shape (members, 5, ny), else ny = 0,
or (members, 5, sites) where domains are no layers.
uneven is that of a crystal whose cells differ, and then has onsite, see uneven.Uneven, else None.
cubic stands in place of all six for a cubic potential, see cubic_well: shape (members, 41, 1),
or (members, 41, ny) where layers differ, else None.
"""

SUMS = 4
"""Rows that `sample` adds to, in the order of observables.SAMPLED_MOMENTS."""

SAMPLE_LANES = 16
"""Layers that are sampled at once."""

NOISE_BLOCKS = 8
"""Blocks of normals drawn at once for all members: few enough to stay in the cache."""


@formula
def kick(v, f, factor):
    """B: v + factor·f."""
    return v + factor * f


@formula
def drift(w, v, half_step):
    """A: w + half_step·v."""
    return w + half_step * v


@formula
def rotate(r, vx, vy, vz):
    """G: the rotation matrix r, nine numbers by row, applied to one velocity."""
    return (
        r[0] * vx + r[1] * vy + r[2] * vz,
        r[3] * vx + r[4] * vy + r[5] * vz,
        r[6] * vx + r[7] * vy + r[8] * vz,
    )


@formula
def turn(t, vx, vy, vz):
    """G G: the turn t, five numbers as in Coefficients, applied to one velocity."""
    tx, ty, tz, f, rest = t
    ax = vx + ty * vz - tz * vy
    ay = vy + tz * vx - tx * vz
    az = vz + tx * vy - ty * vx
    gx, gy, gz = ty * az - tz * ay, tz * ax - tx * az, tx * ay - ty * ax
    return vx + (f * gx + rest * gx), vy + (f * gy + rest * gy), vz + (f * gz + rest * gz)


@formula
def bath(v, loss, amplitude, normal):
    """O: v + (amplitude·normal − loss·v)."""
    return v + (amplitude * normal - loss * v)


@formula
def onsite_force(o, wx, wy, wz):
    """Eq. S5 about u0: the well's force as a polynomial of w, and the transverse spring."""
    well = wx * (o[0] + wx * (o[1] + wx * (o[2] + wx * (o[3] + wx * o[4]))))
    return -well, -o[5] * wy, -o[5] * wz


@formula
def draw(normals, key0, key1, replica, step, first, end):
    """The normals of all three components from one block of sites to another."""
    for component in range(3):
        for block in range(first, end):
            out = normals[component, block - first]
            fill_normals(key0, key1, replica, step, component, block, out)


@kernel
def advance(w, v, force, coefficients, loss, amplitude, key0, key1, replica, step):
    """Everything between two force evaluations, in place; all members feel the same noise.

    w, v : ndarray, shape (members, 3, sites), Å and Å/ps
    force : ndarray, shape (members, 3, sites), eV/Å
        The linear force at w; the on-site force is added here.
    coefficients : Coefficients
    loss, amplitude : ndarray, shape (sites,)
        1 − c and s of the bath.
    """
    members, _, sites = w.shape
    blocks = (sites + BLOCK - 1) // BLOCK
    normals = np.empty((3, NOISE_BLOCKS, BLOCK), np.float32)
    for first in range(0, blocks, NOISE_BLOCKS):
        draw(normals, key0, key1, replica, step, first, min(first + NOISE_BLOCKS, blocks))
        start = first * BLOCK
        count = min(NOISE_BLOCKS * BLOCK, sites - start)
        for m in range(members):
            state = (w[m], v[m], force[m])
            advance_sites(*state, coefficients, m, loss, amplitude, normals, start, count)


@borrowing
def advance_sites(w, v, force, coefficients, m, loss, amplitude, normals, start, count):
    """Advance `count` sites of member m, the first with the first of the normals.

    One loop in a function of its own: the compiler uses vectors only where it can tell that writes
    do not overlap, and it looks at the loops around as well.
    """
    normals = normals.reshape(3, -1)
    onsite, rotation = coefficients.onsite[m], coefficients.rotation[m]
    onsite = (onsite[0], onsite[1], onsite[2], onsite[3], onsite[4], onsite[5])
    r = rotation
    rotation = (r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], r[8])
    t = coefficients.turn[m]
    twice = (t[0], t[1], t[2], t[3], t[4])
    full, half = coefficients.kick, coefficients.drift
    # unsigned, or the compiler would check every index for being negative
    for i in range(np.uint64(count)):
        p = np.uint64(start) + i
        wx, wy, wz = w[0, p], w[1, p], w[2, p]
        fx, fy, fz = onsite_force(onsite, wx, wy, wz)
        vx = kick(v[0, p], fx + force[0, p], full)
        vy = kick(v[1, p], fy + force[1, p], full)
        vz = kick(v[2, p], fz + force[2, p], full)
        wx, wy, wz = drift(wx, vx, half), drift(wy, vy, half), drift(wz, vz, half)
        vx, vy, vz = turn(twice, vx, vy, vz)
        nx, ny, nz = rotate(rotation, normals[0, i], normals[1, i], normals[2, i])
        e, s = loss[p], amplitude[p]
        vx, vy, vz = bath(vx, e, s, nx), bath(vy, e, s, ny), bath(vz, e, s, nz)
        w[0, p], w[1, p], w[2, p] = drift(wx, vx, half), drift(wy, vy, half), drift(wz, vz, half)
        v[0, p], v[1, p], v[2, p] = vx, vy, vz


@formula
def add_sample(w, v, force, onsite, half_kick, start, count, moments):
    """Add the moments of `count` sites to those of SUMS, shape (SUMS, SAMPLE_LANES)."""
    for i in range(np.uint64(count)):
        p = start + i
        wx, wy, wz = w[0, p], w[1, p], w[2, p]
        fx, fy, fz = onsite_force(onsite, wx, wy, wz)
        vx = kick(v[0, p], fx + force[0, p], half_kick)
        vy = kick(v[1, p], fy + force[1, p], half_kick)
        vz = kick(v[2, p], fz + force[2, p], half_kick)
        moments[0, i] += vx * vx + vy * vy + vz * vz
        moments[1, i] += wx
        moments[2, i] += wx * vy - wy * vx
        moments[3, i] += wx * wx


@kernel
def sample(w, v, force, onsite, half_kick, sums):
    """Add one sample of the z-summed observables of one member to `sums`.

    w, v, force : ndarray, shape (3, sites)
    onsite : ndarray, shape (6,)
    half_kick : float, h/(2M)
    sums : ndarray float64, shape (moment, nx, ny)
        Of observables.SAMPLED_MOMENTS, y in storage order. ⟨v⟩ = 0 in a steady state, so measuring
        L from u0 instead of from the cubic position leaves its mean as it is and spares it the
        noise of u0 v_y.
    """
    nx, ny = sums.shape[1:]
    sites = w.shape[1]
    o = (onsite[0], onsite[1], onsite[2], onsite[3], onsite[4], onsite[5])
    # allocated here with a known size: else the compiler would not use vector instructions
    moments = np.zeros((SUMS, SAMPLE_LANES))
    for first in range(0, ny, SAMPLE_LANES):
        layers = min(SAMPLE_LANES, ny - first)
        for x in range(nx):
            moments[:] = 0
            for p in range(x * (sites // nx) + first, (x + 1) * (sites // nx), ny):
                start = np.uint64(p)
                if p + SAMPLE_LANES <= sites:
                    # beyond the layers too, what is summed there is not looked at
                    add_sample(w, v, force, o, half_kick, start, SAMPLE_LANES, moments)
                else:
                    add_sample(w, v, force, o, half_kick, start, layers, moments)
            for row in range(SUMS):
                for i in range(layers):
                    sums[row, x, first + i] += moments[row, i]


@borrowing
def sample_cells(w, sums):
    """Add w_x of every cell of one member to the rows of `sums` beyond SUMS, one for each z."""
    nz, nx, ny = sums.shape[0] - SUMS, sums.shape[1], sums.shape[2]
    for x in range(nx):
        for z in range(nz):
            start = np.uint64((x * nz + z) * ny)
            for y in range(np.uint64(ny)):
                sums[SUMS + z, x, y] += w[0, start + y]
