"""Real Fourier transforms along x and z, between a field and its mirror blocks (see blocks).

The points i and n − i are added and subtracted first, which leaves a cosine and a sine transform of
half the length: small dense matrices, and cheaper than a Fourier transform of prime length. Where a
wave vector is its own mirror image (0, and the Nyquist one of an even length) there is no sine.

x is transformed first, a few columns at a time, to the slab: of each component the cosines, then
the sines. Then z, for one wave vector along x: all members and components side by side are the
columns of one product.
"""

from collections import namedtuple

from ferronhall.engine.kernels import borrowing, formula
from ferronhall.engine.kernels.lanes import COMPONENTS
from ferronhall.engine.kernels.mirror import invert_lines, transform_lines
from ferronhall.engine.kernels.runs import butterfly, copy
from ferronhall.engine.kernels.tile import multiply

Basis = namedtuple("Basis", "n cos sin cos_back sin_back")
"""Of n points: n//2 + 1 cosines and sines at as many points, a function a row, and their
transposes, row by row in one dimension. Sines of what is its own mirror image are zero."""


@formula
def pairs(n):
    """How many of n points have a mirror image other than themselves, and so how many sines."""
    return (n - 1) // 2


@formula
def lone(k, n):
    """Whether the point or wave vector k is its own mirror image."""
    return k == 0 or 2 * k == n


@formula
def whole(count, size):
    """The least multiple of size that holds `count`."""
    return (count + size - 1) // size * size


@formula
def fold(n, field, points, folded, runs, count):
    """Add and subtract the mirror images among n points, for `runs` runs of `count` numbers each.

    points : tuple of three ints
        The first number's place in `field`, from one point to the next, from one run to the next.
    folded : tuple of two arrays, for sums and differences, and two ints
        From one point to the next and from one run to the next in them.
    """
    start, stride, step = points
    even, odd, row, width = folded
    for i in range(n // 2 + 1):
        here, there, place = start + i * stride, start + (n - i) * stride, i * row
        if lone(i, n):
            copy(field, here, step, even, place, width, runs, count)
        else:
            butterfly(field, here, field, there, step, even, place, odd, place, width, runs, count)


@formula
def unfold(n, folded, field, points, runs, count):
    """The inverse (transpose) of fold."""
    start, stride, step = points
    even, odd, row, width = folded
    for i in range(n // 2 + 1):
        here, there, place = start + i * stride, start + (n - i) * stride, i * row
        if lone(i, n):
            copy(even, place, width, field, here, step, runs, count)
        else:
            butterfly(even, place, odd, place, width, field, here, field, there, step, runs, count)


@borrowing
def transform_x(field, plan, m):
    """Member m of a field of (members, 3, nx, nz·ny) along x to plan.slab."""
    nx, columns, width = plan.x.n, plan.z.n * plan.ny, plan.columns
    matrices = (plan.x.cos, plan.x.sin)
    for run in range(COMPONENTS * m, COMPONENTS * (m + 1)):
        source, target = (field, run * nx * columns, columns), (plan.slab, run * nx * width, width)
        transform_lines(matrices, nx, columns, source, target, plan.strip, plan.large)


@borrowing
def invert_x(plan, m, field, first):
    """The inverse (transpose) of transform_x, to the numbers of `field` from `first` on."""
    nx, columns, width = plan.x.n, plan.z.n * plan.ny, plan.columns
    matrices = (plan.x.cos_back, plan.x.sin_back)
    for c in range(COMPONENTS):
        start = (COMPONENTS * m + c) * nx * width
        source, target = (plan.slab, start, width), (field, first + c * nx * columns, columns)
        invert_lines(matrices, nx, columns, source, target, plan.strip, plan.large)


@formula
def z_lines(plan, bx):
    """Where the cosines and the paired sines of a basis of x start in plan.lines, and a row."""
    wave_vectors, row = plan.z.n // 2 + 1, plan.members * COMPONENTS * plan.layers
    cosines = bx * 2 * wave_vectors * row
    return cosines, cosines + (wave_vectors + 1) * row, row


@formula
def slab_row(plan, kx, bx):
    """The row of a component of the slab that holds a wave vector's cosine (bx = 0) or sine."""
    return plan.x.n // 2 + kx if bx else kx


@borrowing
def transform_z(plan, kx, bx):
    """One wave vector and basis of the slab along z to plan.lines[bx]."""
    half, two, even, odd = plan.z.n // 2 + 1, pairs(plan.z.n), plan.z_even, plan.z_odd
    cosines, sines, row = z_lines(plan, bx)
    points = (slab_row(plan, kx, bx) * plan.columns, plan.ny, plan.x.n * plan.columns)
    folded = (even, odd, row, plan.layers)
    fold(plan.z.n, plan.slab, points, folded, plan.members * COMPONENTS, plan.ny)
    multiply(plan.z.cos, 0, half, even, 0, row, half, half, row, plan.lines, cosines, row, ())
    # the paired ones begin at the second row
    paired = (odd, row, row, two, two)
    multiply(plan.z.sin, half + 1, half, *paired, row, plan.lines, sines, row, ())


@borrowing
def invert_z(plan, kx, bx):
    """The inverse (transpose) of transform_z."""
    half, two, even, odd = plan.z.n // 2 + 1, pairs(plan.z.n), plan.z_even, plan.z_odd
    cosines, sines, row = z_lines(plan, bx)
    lone_rows, paired = (plan.lines, cosines, row, half, half), (plan.lines, sines, row, two, two)
    multiply(plan.z.cos_back, 0, half, *lone_rows, row, even, 0, row, ())
    multiply(plan.z.sin_back, half + 1, half, *paired, row, odd, row, row, ())
    points = (slab_row(plan, kx, bx) * plan.columns, plan.ny, plan.x.n * plan.columns)
    folded = (even, odd, row, plan.layers)
    unfold(plan.z.n, folded, plan.slab, points, plan.members * COMPONENTS, plan.ny)
