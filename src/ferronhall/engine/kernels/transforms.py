"""Real Fourier transforms along x and z, between a field and its mirror blocks (see blocks).

The points i and n − i are added and subtracted first, which leaves a cosine and a sine transform of
half the length: small dense matrices, and cheaper than a Fourier transform of prime length. Where a
wave vector is its own mirror image (0, and the Nyquist one of an even length) there is no sine.

x is transformed first, a few columns at a time, which stay in the cache from the folding to the
product, into the array that will hold the force: of each component the cosines, then the sines.
Then z, for one wave vector along x: all members and components side by side are the columns of one
product.
"""

from collections import namedtuple

from ferronhall.engine.kernels import borrowing, formula
from ferronhall.engine.kernels.lanes import COMPONENTS
from ferronhall.engine.kernels.runs import butterfly, copy
from ferronhall.engine.kernels.tile import address, multiply, unless_none

Basis = namedtuple("Basis", "n cos sin cos_back sin_back")
"""Of n points: cosines (n//2 + 1 of them, as many points) and sines (of the paired points 1 …
(n−1)//2), a function a row, and their transposes; row by row in one dimension."""

STRIP_BYTES = 256
"""Of the columns that are transformed along x at once, at most."""


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


@formula
def next_strip(plan, first, second, start):
    """Where the strip at `start` of two arrays lies, for the products before it to fetch.

    returns : two tuples, of the first half of its rows and of the others, see tile.multiply
    """
    columns = plan.z.n * plan.ny
    half = start + (plan.x.n // 2 + 1) * columns
    step = columns * first.itemsize
    upper = (address(first, start), step, address(second, start), step)
    lower = (address(first, half), step, address(second, half), step)
    return unless_none(plan.large, upper), unless_none(plan.large, lower)


@formula
def transform(basis, even, odd, row, columns, out, cosines, sines, stride, ahead):
    """Cosine and sine transforms of folded rows; the paired ones begin at the second row.

    cosines, sines : int
        Where the first of each starts in `out`.
    ahead : two tuples
        What the products of the cosines and of the sines fetch, see tile.multiply.
    """
    half, two = basis.n // 2 + 1, pairs(basis.n)
    even_rows, odd_rows = (even, 0, row, half, half), (odd, row, row, two, two)
    multiply(basis.cos, 0, half, *even_rows, columns, out, cosines, stride, ahead[0])
    multiply(basis.sin, 0, two, *odd_rows, columns, out, sines, stride, ahead[1])


@formula
def invert(basis, transformed, cosines, sines, stride, columns, even, odd, row, ahead):
    """The inverse (transpose) of transform."""
    half, two = basis.n // 2 + 1, pairs(basis.n)
    cos_rows, sin_rows = (cosines, stride, half, half), (sines, stride, two, two)
    multiply(basis.cos_back, 0, half, transformed, *cos_rows, columns, even, 0, row, ahead[0])
    multiply(basis.sin_back, 0, two, transformed, *sin_rows, columns, odd, row, row, ahead[1])


@formula
def strip_width(columns, most):
    """Into strips of this width many columns are cut, of whole vectors and about equal."""
    strips = (columns + most - 1) // most
    return whole((columns + strips - 1) // strips, 16)


@borrowing
def transform_x(field, plan, slab):
    """A field along x to slab, both in one dimension, of (members, 3, nx, nz·ny)."""
    nx, columns = plan.x.n, plan.z.n * plan.ny
    even, odd, row = plan.x_even, plan.x_odd, plan.strip
    width = strip_width(columns, row)
    for run in range(plan.members * COMPONENTS):
        for first in range(0, columns, width):
            count = min(width, columns - first)
            cosines = run * nx * columns + first
            sines = cosines + (nx // 2 + 1) * columns
            fold(nx, field, (cosines, columns, 0), (even, odd, row, 0), 1, count)
            ahead = next_strip(plan, field, slab, cosines + width)
            transform(plan.x, even, odd, row, count, slab, cosines, sines, columns, ahead)


@borrowing
def invert_x(plan, slab):
    """The inverse (transpose) of transform_x, in place."""
    nx, columns = plan.x.n, plan.z.n * plan.ny
    even, odd, row = plan.x_even, plan.x_odd, plan.strip
    width = strip_width(columns, row)
    for run in range(plan.members * COMPONENTS):
        for first in range(0, columns, width):
            count = min(width, columns - first)
            cosines = run * nx * columns + first
            sines = cosines + (nx // 2 + 1) * columns
            ahead = next_strip(plan, slab, slab, cosines + width)
            invert(plan.x, slab, cosines, sines, columns, count, even, odd, row, ahead)
            unfold(nx, (even, odd, row, 0), slab, (cosines, columns, 0), 1, count)


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
def transform_z(slab, plan, kx, bx):
    """One wave vector and basis of the slab along z to plan.lines[bx]."""
    nx, columns, even, odd = plan.x.n, plan.z.n * plan.ny, plan.z_even, plan.z_odd
    cosines, sines, row = z_lines(plan, bx)
    points = (slab_row(plan, kx, bx) * columns, plan.ny, nx * columns)
    folded = (even, odd, row, plan.layers)
    fold(plan.z.n, slab, points, folded, plan.members * COMPONENTS, plan.ny)
    transform(plan.z, even, odd, row, row, plan.lines, cosines, sines, row, ((), ()))


@borrowing
def invert_z(plan, slab, kx, bx):
    """The inverse (transpose) of transform_z."""
    nx, columns, even, odd = plan.x.n, plan.z.n * plan.ny, plan.z_even, plan.z_odd
    cosines, sines, row = z_lines(plan, bx)
    invert(plan.z, plan.lines, cosines, sines, row, row, even, odd, row, ((), ()))
    points = (slab_row(plan, kx, bx) * columns, plan.ny, nx * columns)
    folded = (even, odd, row, plan.layers)
    unfold(plan.z.n, folded, slab, points, plan.members * COMPONENTS, plan.ny)
