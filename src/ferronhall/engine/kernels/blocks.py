"""The linear force by the mirror blocks of the slab operator (see slab_operator).

    field → transform x → for each k_x: transform z → for each k_z: fold y, product, → and back

What belongs to one k_x stays in the cache from the transform along z to its inverse. A block's
coefficients are the rows of a matrix, one for each sector and member: the sector is the parity
(0 cosine, 1 sine) along x and z, the row holds the components of the even and odd functions of y,
counted from the faces, a vector's layers of one component after those of another
(layers.packed_order).

Where k_x is its own mirror image there is no sine along x, and u_x couples to nothing else: all
components then go with the cosine, in one sector instead of two. The same along z.

With the components of close layers side by side, a short-ranged coupling is a narrow band along the
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
    "BlockPlan",
    "ny members columns layers width x z band reference large "
    "strip slab lines z_even z_odd rows products",
)
"""x, z : transforms.Basis; band : Band; reference : shape (even functions of y,), see linear_force.
large : None, or 1 where the fields are larger than the cache and products fetch what comes next.

Work arrays in one dimension (to make a view of one takes longer than the work on a block), for
`members` states, in their order in memory:

    strip           (x, two whole vectors of columns), see mirror
    slab            (member, component, cosines and sines of x, columns): see transforms
    lines           (basis of x, basis of z, k_z, member, component, layers)
    z_even, z_odd   (z, member · component · layers): folded in z
    rows            (y parity, sector · member, width), the functions of y in packed order
    products        as rows

columns, layers and width : nz · ny, ny and the functions of y, with room for whole vectors.
"""

SECTORS = 4
"""At most, of one block."""

Band = namedtuple("Band", "tiles start first terms")

TILE_COLUMNS = COMPONENTS * VECTOR
"""Those of a vector's layers."""


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
    wave_vectors, layers = plan.z.n // 2 + 1, plan.layers
    lone_x, lone_z = lone(kx, plan.x.n), lone(kz, plan.z.n)
    row, scalar = plan.members * COMPONENTS * layers, plan.lines.dtype.type
    ax, az, a = sector_part(0, px, pz, lone_x, lone_z)
    bx, bz, b = sector_part(1, px, pz, lone_x, lone_z)
    cx, cz, c = sector_part(2, px, pz, lone_x, lone_z)
    starts = (
        ((ax * 2 + az) * wave_vectors + kz) * row,
        ((bx * 2 + bz) * wave_vectors + kz) * row + layers,
        ((cx * 2 + cz) * wave_vectors + kz) * row + 2 * layers,
    )
    return starts, (scalar(a), scalar(b), scalar(c))


@formula
def parities(k, n):
    """How many parities the wave vector k has: a cosine, and a sine unless it is alone."""
    return 1 if lone(k, n) else 2


@borrowing
def gather(plan, kx, kz):
    """Fold plan.lines of one block in y, to plan.rows."""
    members, width = plan.members, plan.width
    step, second = COMPONENTS * plan.layers, SECTORS * members * width
    functions = ((plan.ny + 1) // 2, plan.ny // 2)
    row = 0
    for px in range(parities(kx, plan.x.n)):
        for pz in range(parities(kz, plan.z.n)):
            starts, signs = sector_lines(plan, kx, kz, px, pz)
            start = row * width
            places = (start, second + start, width, members)
            fold_layers(plan.lines, starts, signs, step, plan.rows, *places, *functions)
            row += members


@borrowing
def scatter(plan, kx, kz):
    """The inverse (transpose) of gather, from plan.products."""
    members, width = plan.members, plan.width
    step, second = COMPONENTS * plan.layers, SECTORS * members * width
    functions = ((plan.ny + 1) // 2, plan.ny // 2)
    row = 0
    for px in range(parities(kx, plan.x.n)):
        for pz in range(parities(kz, plan.z.n)):
            starts, signs = sector_lines(plan, kx, kz, px, pz)
            start = row * width
            places = (start, second + start, width, members)
            unfold_layers(plan.lines, starts, signs, step, plan.products, *places, *functions)
            row += members


@formula
def next_run(plan, kx, number):
    """Where the number-th run of the slab's rows of the wave vector after kx starts."""
    runs = plan.members * COMPONENTS
    row = slab_row(plan, kx + 1, number // runs)
    return address(plan.slab, (number % runs * plan.x.n + row) * plan.columns)


@borrowing
def multiply_block(plan, kx, kz):
    """plan.products = plan.rows · block, for both y parities; fetches what comes next."""
    band = plan.band
    block = kx * (plan.z.n // 2 + 1) + kz
    even, odd = (plan.ny + 1) // 2, plan.ny // 2
    x, out, width = plan.rows, plan.products, plan.width
    used = parities(kx, plan.x.n) * parities(kz, plan.z.n) * plan.members
    for p in range(2):
        corner = p * SECTORS * plan.members * width
        functions = even + odd + (odd if p else even)
        for t in range(band.start.shape[2]):
            column = TILE_COLUMNS * t
            columns = min(TILE_COLUMNS, whole(functions - column, VECTOR))
            start, first, terms = (
                band.start[block, p, t],
                band.first[block, p, t],
                band.terms[block, p, t],
            )
            # the next tile, and of the next k_x a run with every tile
            soon = next_run(plan, kx, (2 * kz + p) * band.start.shape[2] + t)
            tile = address(band.tiles, start + terms * columns)
            lines = LINE_BYTES * ((used + MOST_ROWS - 1) // MOST_ROWS)
            ahead = unless_none(plan.large, (tile, columns * x.itemsize, soon, lines))
            multiply(
                *(x, corner + first, width, band.tiles, start, columns, used, terms, columns),
                *(out, corner + column, width, ahead),
            )


@formula
def add_reference(plan):
    """Add the force of the uniform state, which has no wave vector and is even in y."""
    for m in range(plan.members):
        for j in range(plan.reference.shape[0]):
            # x stands first among the components of a vector's layers
            place = m * plan.width + j // VECTOR * TILE_COLUMNS + j % VECTOR
            plan.products[place] += plan.reference[j]


@borrowing
def couple(plan):
    """From the field in plan.slab to its force, both along x transformed."""
    for kx in range(plan.x.n // 2 + 1):
        for bx in range(parities(kx, plan.x.n)):
            transform_z(plan, kx, bx)
        for kz in range(plan.z.n // 2 + 1):
            gather(plan, kx, kz)
            multiply_block(plan, kx, kz)
            if kx == 0 and kz == 0:
                add_reference(plan)
            scatter(plan, kx, kz)
        for bx in range(parities(kx, plan.x.n)):
            invert_z(plan, kx, bx)


@borrowing
def transform_field(w, plan):
    """All members of a field along x to plan.slab."""
    field = w.reshape(-1)
    for m in range(plan.members):
        transform_x(field, plan, m)


@borrowing
def invert_field(plan, force):
    """The inverse (transpose) of transform_field."""
    field = force.reshape(-1)
    for m in range(plan.members):
        invert_x(plan, m, field, m * (field.size // plan.members))


@borrowing
def linear_force(w, plan, force):
    """−K (u0 + w) of the linear interactions (eV/Å), shapes (members, 3, nx, nz·ny).

    That on the uniform u0 is plan.reference, the even functions of its force along x.
    """
    transform_field(w, plan)
    couple(plan)
    invert_field(plan, force)
