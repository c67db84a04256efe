"""Real Fourier transforms along x and z, between a field and its mirror blocks (see blocks).

The points i and n − i are added and subtracted first, which leaves a cosine and a sine transform of
half the length: small dense matrices, and cheaper than a Fourier transform of prime length. Where a
wave vector is its own mirror image (0, and the Nyquist one of an even length) there is no sine.

x is transformed first, a few columns at a time, which stay in the cache from the folding to the
product. Then z, for one wave vector along x: all members and components side by side are the
columns of one product.
"""

from collections import namedtuple

from ferronhall.engine.kernels import formula, kernel
from ferronhall.engine.kernels.runs import butterfly, copy
from ferronhall.engine.kernels.tile import VECTOR, multiply

Basis = namedtuple("Basis", "n cos sin cos_back sin_back")
"""Of n points: cosines (n//2 + 1 of them, as many points) and sines (of the paired points 1 …
(n−1)//2), a function a row, and their transposes; a row of zeros makes an odd number even. Row by
row in one dimension."""

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
def fold(n, field, start, stride, step, even, odd, place, row, width, runs, count):
    """Add and subtract the mirror images among n points, for `runs` runs of `count` numbers each.

    start, stride, step : int
        The first number's place in `field`, from one point to the next, from one run to the next.
    place, row, width : the same in even and odd
    """
    for i in range(n // 2 + 1):
        here, there, target = start + i * stride, start + (n - i) * stride, place + i * row
        if lone(i, n):
            copy(field, here, step, even, target, width, runs, count)
        else:
            butterfly(
                *(field, here, field, there, step, even, target, odd, target, width, runs, count)
            )


@formula
def unfold(n, even, odd, place, row, width, field, start, stride, step, runs, count):
    """The inverse (transpose) of fold."""
    for i in range(n // 2 + 1):
        here, there, source = start + i * stride, start + (n - i) * stride, place + i * row
        if lone(i, n):
            copy(even, source, width, field, here, step, runs, count)
        else:
            butterfly(
                *(even, source, odd, source, width, field, here, field, there, step, runs, count)
            )


@formula
def transform(basis, even, odd, row, columns, cosines, cos_start, sines, sin_start, stride):
    """Cosine and sine transforms of folded rows; the sines begin at the second row."""
    half, two = basis.n // 2 + 1, pairs(basis.n)
    multiply(
        *(basis.cos, 0, half, even, 0, row, whole(half, 2), half, columns),
        *(cosines, cos_start, stride),
    )
    multiply(
        *(basis.sin, 0, two, odd, row, row, whole(two, 2), two, columns),
        *(sines, sin_start + stride, stride),
    )


@formula
def invert(basis, cosines, cos_start, sines, sin_start, stride, columns, even, odd, row):
    """The inverse (transpose) of transform."""
    half, two = basis.n // 2 + 1, pairs(basis.n)
    multiply(
        *(basis.cos_back, 0, half, cosines, cos_start, stride, whole(half, 2), half, columns),
        *(even, 0, row),
    )
    multiply(
        *(basis.sin_back, 0, two, sines, sin_start + stride, stride, whole(two, 2), two, columns),
        *(odd, row, row),
    )


@formula
def strip_width(columns, most):
    """Into strips of this width many columns are cut, of whole vectors and about equal."""
    strips = (columns + most - 1) // most
    return whole((columns + strips - 1) // strips, 2 * VECTOR)


@kernel
def transform_x(w, plan):
    """w, shape (members, 3, nx, nz·ny), along x to plan.slab."""
    members, _, nx, columns = w.shape
    field, slab = w.reshape(-1), plan.slab.reshape(-1)
    even, odd, row = plan.x_even.reshape(-1), plan.x_odd.reshape(-1), plan.x_even.shape[1]
    _, bases, components, _, run = plan.slab.shape
    stride = bases * components * members * run
    width = strip_width(columns, row)
    for m in range(members):
        for c in range(components):
            for first in range(0, columns, width):
                count = min(width, columns - first)
                start = (m * components + c) * nx * columns + first
                fold(nx, field, start, columns, 0, even, odd, 0, row, 0, 1, count)
                cos = (c * members + m) * run + first
                sin = cos + stride // bases
                long = whole(count, VECTOR)
                transform(plan.x, even, odd, row, long, slab, cos, slab, sin, stride)


@kernel
def invert_x(plan, force):
    """The inverse (transpose) of transform_x."""
    members, _, nx, columns = force.shape
    field, slab = force.reshape(-1), plan.slab.reshape(-1)
    even, odd, row = plan.x_even.reshape(-1), plan.x_odd.reshape(-1), plan.x_even.shape[1]
    _, bases, components, _, run = plan.slab.shape
    stride = bases * components * members * run
    width = strip_width(columns, row)
    for m in range(members):
        for c in range(components):
            for first in range(0, columns, width):
                count = min(width, columns - first)
                cos = (c * members + m) * run + first
                sin = cos + stride // bases
                long = whole(count, VECTOR)
                invert(plan.x, slab, cos, slab, sin, stride, long, even, odd, row)
                start = (m * components + c) * nx * columns + first
                unfold(nx, even, odd, 0, row, 0, field, start, columns, 0, 1, count)


@kernel
def transform_z(plan, kx, bx):
    """One wave vector and basis of plan.slab along z to plan.lines[bx]."""
    _, bases, components, members, run = plan.slab.shape
    slab, lines = plan.slab.reshape(-1), plan.lines.reshape(-1)
    even, odd = plan.z_even.reshape(-1), plan.z_odd.reshape(-1)
    runs, layers, ny = components * members, plan.lines.shape[5], plan.ny
    row = runs * layers
    start = (kx * bases + bx) * runs * run
    fold(plan.z.n, slab, start, ny, run, even, odd, 0, row, layers, runs, ny)
    cos = bx * bases * plan.lines.shape[2] * row
    sin = cos + plan.lines.shape[2] * row
    transform(plan.z, even, odd, row, row, lines, cos, lines, sin, row)


@kernel
def invert_z(plan, kx, bx):
    """The inverse (transpose) of transform_z."""
    _, bases, components, members, run = plan.slab.shape
    slab, lines = plan.slab.reshape(-1), plan.lines.reshape(-1)
    even, odd = plan.z_even.reshape(-1), plan.z_odd.reshape(-1)
    runs, layers, ny = components * members, plan.lines.shape[5], plan.ny
    row = runs * layers
    cos = bx * bases * plan.lines.shape[2] * row
    sin = cos + plan.lines.shape[2] * row
    invert(plan.z, lines, cos, lines, sin, row, row, even, odd, row)
    start = (kx * bases + bx) * runs * run
    unfold(plan.z.n, even, odd, 0, row, layers, slab, start, ny, run, runs, ny)
