"""One substep of every member, and its samples: engine.kernels.integrator on a device.

A thread draws the normals of one lane of a block, those of four sites, and advances one member
there: the noise never sees memory, and every member draws its own anew. The formulas are the CPU's.
Arrays have the member as their last index: fields (3, sites, members), constants (…, members).
"""

from numba import cuda

from ferronhall.engine.gpu.device import formula, function
from ferronhall.engine.gpu.noise import four_normals
from ferronhall.engine.kernels import integrator
from ferronhall.engine.kernels.noise import BLOCK, LANES, START

kick, drift = formula(integrator.kick), formula(integrator.drift)
rotate, turn = formula(integrator.rotate), formula(integrator.turn)
bath, onsite_force = formula(integrator.bath), formula(integrator.onsite_force)


SUMS = 4
"""Moments that `sample` adds up, as integrator.SUMS."""


@function
def column_of(thread, states, ny):
    """State, x and y of the column along z that a thread has, states next to each other."""
    column = thread // states
    return thread % states, column // ny, column % ny


@function
def onsite_of(table, m):
    """The coefficients of a member's on-site force, of an array (6, members)."""
    return table[0, m], table[1, m], table[2, m], table[3, m], table[4, m], table[5, m]


@function
def rotation_of(r, m):
    """A member's rotation by row, of an array (9, members)."""
    return r[0, m], r[1, m], r[2, m], r[3, m], r[4, m], r[5, m], r[6, m], r[7, m], r[8, m]


@function
def turn_of(table, m):
    """A member's turn, of an array (5, members)."""
    return table[0, m], table[1, m], table[2, m], table[3, m], table[4, m]


@function
def advance_site(w, v, force, p, m, onsite, rotation, twice, full, half, loss, amplitude, n):
    """Everything between two force evaluations for member m at site p, n its three normals."""
    wx, wy, wz = w[0, p, m], w[1, p, m], w[2, p, m]
    fx, fy, fz = onsite_force(onsite, wx, wy, wz)
    vx = kick(v[0, p, m], fx + force[0, p, m], full)
    vy = kick(v[1, p, m], fy + force[1, p, m], full)
    vz = kick(v[2, p, m], fz + force[2, p, m], full)
    wx, wy, wz = drift(wx, vx, half), drift(wy, vy, half), drift(wz, vz, half)
    vx, vy, vz = turn(twice, vx, vy, vz)
    nx, ny, nz = rotate(rotation, n[0], n[1], n[2])
    e, s = loss[p], amplitude[p]
    vx, vy, vz = bath(vx, e, s, nx), bath(vy, e, s, ny), bath(vz, e, s, nz)
    w[0, p, m] = drift(wx, vx, half)
    w[1, p, m] = drift(wy, vy, half)
    w[2, p, m] = drift(wz, vz, half)
    v[0, p, m] = vx
    v[1, p, m] = vy
    v[2, p, m] = vz


@cuda.jit
def advance(
    w, v, force, onsites, rotations, turns, full, half, loss, amplitude, key, replicas, step
):
    """Advance all members by a substep, in place.

    full, half : h/M and h/2
    key : tuple of two ints, the halves of the root seed
    replicas : ndarray of int64
        Numbers of the replicas, each of as many members, which feel the same noise.
    step : tuple of two ints, the halves of the number that the noise is drawn by
    """
    sites, members = w.shape[1], w.shape[2]
    thread = cuda.grid(1)
    m, lane = thread % members, thread // members
    block, lane = lane // LANES, lane % LANES
    first = block * BLOCK + lane
    if first < sites:
        replica = replicas[m // (members // replicas.size)]
        x = four_normals(key[0], key[1], replica, step[0], step[1], 0, block, lane)
        y = four_normals(key[0], key[1], replica, step[0], step[1], 1, block, lane)
        z = four_normals(key[0], key[1], replica, step[0], step[1], 2, block, lane)
        onsite, rotation, twice = (
            onsite_of(onsites, m),
            rotation_of(rotations, m),
            turn_of(turns, m),
        )
        for i in range(BLOCK // LANES):
            p = first + i * LANES
            if p < sites:
                n = x[i], y[i], z[i]
                advance_site(
                    w, v, force, p, m, onsite, rotation, twice, full, half, loss, amplitude, n
                )


def lanes(sites):
    """Lanes of noise that so many sites take: threads of `advance` a member."""
    whole, rest = divmod(sites, BLOCK)
    return whole * LANES + min(rest, LANES)


def noise_step(n):
    """The two halves of the number by which substep n draws its noise, see loop.propagate."""
    number = n if n < START else n + 1
    return number & 0xFFFFFFFF, number >> 32


@cuda.jit
def sample(w, v, force, onsites, half_kick, nz, sums):
    """Add one sample of the z-summed observables of every member to `sums`.

    sums : float64, shape (moment, nx, ny, members), y in storage order, as of integrator.sample
    """
    nx, ny, members = sums.shape[1], sums.shape[2], sums.shape[3]
    m, x, y = column_of(cuda.grid(1), members, ny)
    if x < nx:
        onsite = onsite_of(onsites, m)
        s0, s1, s2, s3 = sums[0, x, y, m], sums[1, x, y, m], sums[2, x, y, m], sums[3, x, y, m]
        for z in range(nz):
            p = (x * nz + z) * ny + y
            wx, wy, wz = w[0, p, m], w[1, p, m], w[2, p, m]
            fx, fy, fz = onsite_force(onsite, wx, wy, wz)
            vx = kick(v[0, p, m], fx + force[0, p, m], half_kick)
            vy = kick(v[1, p, m], fy + force[1, p, m], half_kick)
            vz = kick(v[2, p, m], fz + force[2, p, m], half_kick)
            s0 += vx * vx + vy * vy + vz * vz
            s1 += wx
            s2 += wx * vy - wy * vx
            s3 += wx * wx
        sums[0, x, y, m], sums[1, x, y, m], sums[2, x, y, m], sums[3, x, y, m] = s0, s1, s2, s3


@cuda.jit
def largest(w, found):
    """max |w| of every member at the sites of a few threads, NaN where there is one.

    found : shape (threads a member, members), of the state's type
    """
    sites, members = w.shape[1], w.shape[2]
    thread = cuda.grid(1)
    m, first = thread % members, thread // members
    if first < found.shape[0]:
        most = abs(w[0, first, m])
        for p in range(first, sites, found.shape[0]):
            for c in range(3):
                value = abs(w[c, p, m])
                # what is no number stays, as nothing is larger
                if value > most or value != value:
                    most = value
        found[first, m] = most
