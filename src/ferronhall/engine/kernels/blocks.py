"""The linear force by the mirror blocks of the slab operator (see slab_operator).

    field → transform x → for each k_x: transform z → for each k_z: fold y, product, → and back

What belongs to one k_x stays in the cache from the transform along z to its inverse. A block's
coefficients are the rows of a matrix, one for each sector and member: the sector is the parity
(0 cosine, 1 sine) along x and z, the row holds the components of the even and odd functions of y,
counted from the faces, side by side layer by layer. An odd function of the middle layer does not
exist; its row of the block is zero.

Where k_x is its own mirror image there is no sine along x, and u_x couples to nothing else: all
components then go with the cosine, in one sector instead of two. The same along z.

With the components of a layer side by side, a short-ranged coupling is a narrow band along the
block's diagonal. Only the band is kept, in tiles of a few layers' columns; inside the slab one tile
is like the next one and stands in memory once. All members use a tile while it is in the cache: the
product would else be bound by reading the blocks.
"""

from collections import namedtuple

from ferronhall.engine.kernels import borrowing, formula
from ferronhall.engine.kernels.lanes import COMPONENTS, LINE_BYTES, VECTOR
from ferronhall.engine.kernels.layers import fold_layers, unfold_layers
from ferronhall.engine.kernels.tile import MOST_ROWS, address, multiply, unless_none
from ferronhall.engine.kernels.transforms import (
    invert_x,
    invert_z,
    lone,
    slab_row,
    transform_x,
    transform_z,
    whole,
)

# part of what numba caches, so they stand in the folder whose digest names the cache
BlockPlan = namedtuple(
    "BlockPlan", "ny x z band reference large lines x_even x_odd z_even z_odd rows products"
)
"""x, z : transforms.Basis; band : Band; reference : shape (even functions of y,), see linear_force.
large : None, or 1 where the fields are larger than the cache and products fetch what comes next.

Work arrays, for `members` states, in their order in memory:

    lines       (basis of x, basis of z, k_z, member, component, ny)
    x_even, …   (i, column), (z, member · component · ny): folded in x, in z
    rows        (y parity, sector · member, component of a function of y)
    products    as rows

The last axis has room for whole vectors.
"""

Band = namedtuple("Band", "tiles start first terms")

TILE_LAYERS = 8
"""Layers whose columns make a tile."""

TILE_COLUMNS = COMPONENTS * TILE_LAYERS


@formula
def sector_part(component, px, pz, lone_x, lone_z):
    """Bases (bx, bz) and sign with which a component enters the sector (px, pz)."""
    mixed_x = component == 0 and not lone_x
    mixed_z = component == 2 and not lone_z
    bx = 1 - px if mixed_x else px
    bz = 1 - pz if mixed_z else pz
    flipped = (mixed_x and bx == 0) or (mixed_z and bz == 0)
    return bx, bz, (-1 if flipped else 1)


@formula
def sector_lines(plan, kx, kz, px, pz):
    """Where the three components of a sector start in plan.lines, and their signs."""
    _, bases, wave_vectors, members, components, layers = plan.lines.shape
    lone_x, lone_z = lone(kx, plan.x.n), lone(kz, plan.z.n)
    row, scalar = members * components * layers, plan.lines.dtype.type
    ax, az, a = sector_part(0, px, pz, lone_x, lone_z)
    bx, bz, b = sector_part(1, px, pz, lone_x, lone_z)
    cx, cz, c = sector_part(2, px, pz, lone_x, lone_z)
    starts = (
        ((ax * bases + az) * wave_vectors + kz) * row,
        ((bx * bases + bz) * wave_vectors + kz) * row + layers,
        ((cx * bases + cz) * wave_vectors + kz) * row + 2 * layers,
    )
    return starts, (scalar(a), scalar(b), scalar(c))


@formula
def parities(k, n):
    """How many parities the wave vector k has: a cosine, and a sine unless it is alone."""
    return 1 if lone(k, n) else 2


@borrowing
def gather(plan, kx, kz):
    """Fold plan.lines of one block in y, to plan.rows."""
    _, _, _, members, components, layers = plan.lines.shape
    step = components * layers
    _, rows, width = plan.rows.shape
    lines, target = plan.lines.reshape(-1), plan.rows.reshape(-1)
    functions = ((plan.ny + 1) // 2, plan.ny // 2)
    row = 0
    for px in range(parities(kx, plan.x.n)):
        for pz in range(parities(kz, plan.z.n)):
            starts, signs = sector_lines(plan, kx, kz, px, pz)
            places = (row * width, (rows + row) * width, width)
            fold_layers(lines, starts, signs, step, target, *places, members, *functions)
            row += members


@borrowing
def scatter(plan, kx, kz):
    """The inverse (transpose) of gather, from plan.products."""
    _, _, _, members, components, layers = plan.lines.shape
    step = components * layers
    _, rows, width = plan.products.shape
    lines, source = plan.lines.reshape(-1), plan.products.reshape(-1)
    functions = ((plan.ny + 1) // 2, plan.ny // 2)
    row = 0
    for px in range(parities(kx, plan.x.n)):
        for pz in range(parities(kz, plan.z.n)):
            starts, signs = sector_lines(plan, kx, kz, px, pz)
            places = (row * width, (rows + row) * width, width)
            unfold_layers(lines, starts, signs, step, source, *places, members, *functions)
            row += members


@formula
def next_run(plan, slab, kx, number):
    """Where the number-th run of the slab's rows of the wave vector after kx starts."""
    members, components, nx, columns = slab.shape
    runs = members * components
    row = slab_row(plan, kx + 1, number // runs)
    return address(slab, (number % runs * nx + row) * columns)


@borrowing
def multiply_block(plan, kx, kz, slab):
    """plan.products = plan.rows · block, for both y parities; fetches of slab what comes next."""
    band = plan.band
    block = kx * (plan.z.n // 2 + 1) + kz
    functions = COMPONENTS * ((plan.ny + 1) // 2)
    _, rows, width = plan.rows.shape
    x, out = plan.rows.reshape(-1), plan.products.reshape(-1)
    used = parities(kx, plan.x.n) * parities(kz, plan.z.n) * plan.lines.shape[3]
    for p in range(2):
        corner = p * rows * width
        for t in range(band.start.shape[2]):
            column = TILE_COLUMNS * t
            columns = min(TILE_COLUMNS, whole(functions - column, VECTOR))
            start, first, terms = (
                band.start[block, p, t],
                band.first[block, p, t],
                band.terms[block, p, t],
            )
            # the next tile, and of the next k_x a run with every tile
            soon = next_run(plan, slab, kx, (2 * kz + p) * band.start.shape[2] + t)
            tile = address(band.tiles, start + terms * columns)
            lines = LINE_BYTES * ((used + MOST_ROWS - 1) // MOST_ROWS)
            ahead = unless_none(plan.large, (tile, columns * x.itemsize, soon, lines))
            multiply(
                *(x, corner + first, width, band.tiles, start, columns, used, terms, columns),
                *(out, corner + column, width, ahead),
            )


@borrowing
def linear_force(w, plan, force):
    """−K (u0 + w) of the linear interactions (eV/Å), shapes (members, 3, nx, nz·ny).

    That on the uniform u0 is plan.reference, the even functions of its force along x.
    """
    transform_x(w, plan, force)
    for kx in range(plan.x.n // 2 + 1):
        for bx in range(parities(kx, plan.x.n)):
            transform_z(force, plan, kx, bx)
        for kz in range(plan.z.n // 2 + 1):
            gather(plan, kx, kz)
            multiply_block(plan, kx, kz, force)
            if kx == 0 and kz == 0:
                for m in range(w.shape[0]):
                    for j in range(plan.reference.shape[0]):
                        plan.products[0, m, COMPONENTS * j] += plan.reference[j]
            scatter(plan, kx, kz)
        for bx in range(parities(kx, plan.x.n)):
            invert_z(plan, force, kx, bx)
    invert_x(plan, force)
