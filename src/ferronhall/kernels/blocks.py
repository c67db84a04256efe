"""The linear force by the mirror blocks of the slab operator (see slab_operator).

    field → fold and transform x → transform z, fold y → one product a block → and back

Storage: field arrays have shape (3, nx, nz, ny) with y in folded order 0, 1, …, then ny−1, ny−2, …,
so that the even and odd parts are sums and differences of two contiguous halves. A block's
coefficients stand in spectrum[kx·nkz + kz, p, 2·px + pz, j, c]: y parity p, the parity (0
cosine, 1 sine) of the sector along x and z, the j-th even or odd function of y counted from the
faces, and the component c. Coefficients that do not exist (sin 0, an odd function of the middle
layer) stay zero.

Side by side like this, functions of neighbouring layers make a short-ranged coupling a narrow band
along the block's diagonal. Only the band is kept, as one panel of three rows a layer; inside the
slab one layer's panel is like the next one's and stands in memory once. The product would else be
bound by reading the blocks.
"""

from collections import namedtuple

import numpy as np

from ferronhall.kernels import formula, kernel

# part of what numba caches, so they stand in the folder whose digest names the cache
BlockPlan = namedtuple(
    "BlockPlan",
    "nz ny cos_x sin_x cos_x_transposed sin_x_transposed "
    "cos_z sin_z cos_z_transposed sin_z_transposed panels reference "
    "x_even x_odd x_cos x_sin spectrum product",
)

Panels = namedtuple("Panels", "data start first wide")

VECTOR = 8
"""Columns of a panel come in multiples of this, so that no short remainder is left to a loop."""


@formula
def sector(component, bx, bz):
    """Sector 2·px + pz and sign of a component in the basis (bx, bz): 0 cosine, 1 sine."""
    px = 1 - bx if component == 0 else bx
    pz = 1 - bz if component == 2 else bz
    flipped = (component == 0 and bx == 0) or (component == 2 and bz == 0)
    return 2 * px + pz, (-1 if flipped else 1)


@formula
def transform_x(field, plan):
    """Cosine and sine transforms along x of one component, shape (nx, nz·ny), to plan's buffers."""
    even, odd = plan.x_even, plan.x_odd
    nx = field.shape[0]
    pairs = odd.shape[0]
    for i in range(even.shape[0]):
        if 1 <= i <= pairs:
            for j in range(field.shape[1]):
                a, b = field[i, j], field[nx - i, j]
                even[i, j] = a + b
                odd[i - 1, j] = a - b
        else:
            for j in range(field.shape[1]):
                even[i, j] = field[i, j]
    np.dot(plan.cos_x, even, plan.x_cos)
    if pairs:
        np.dot(plan.sin_x, odd, plan.x_sin)


@formula
def invert_x(plan, field):
    """The inverse (transpose) of transform_x."""
    even, odd = plan.x_even, plan.x_odd
    nx = field.shape[0]
    pairs = odd.shape[0]
    np.dot(plan.cos_x_transposed, plan.x_cos, even)
    if pairs:
        np.dot(plan.sin_x_transposed, plan.x_sin, odd)
    for i in range(even.shape[0]):
        if 1 <= i <= pairs:
            for j in range(field.shape[1]):
                a, b = even[i, j], odd[i - 1, j]
                field[i, j] = a + b
                field[nx - i, j] = a - b
        else:
            for j in range(field.shape[1]):
                field[i, j] = even[i, j]


@formula
def combine(matrix, k, lines, out):
    """out = Σ_z matrix[k, z] lines[z]; the sum has a multiple of 4 terms."""
    for j in range(out.shape[0]):
        out[j] = (
            matrix[k, 0] * lines[0, j]
            + matrix[k, 1] * lines[1, j]
            + matrix[k, 2] * lines[2, j]
            + matrix[k, 3] * lines[3, j]
        )
    for z in range(4, matrix.shape[1], 4):
        for j in range(out.shape[0]):
            out[j] += (
                matrix[k, z] * lines[z, j]
                + matrix[k, z + 1] * lines[z + 1, j]
                + matrix[k, z + 2] * lines[z + 2, j]
                + matrix[k, z + 3] * lines[z + 3, j]
            )


@kernel
def to_spectrum(transformed, component, bx, plan, spectrum):
    """Transform the rows (kx, nz·ny) of one component and x parity along z and fold them in y."""
    nz, ny = plan.nz, plan.ny
    rows = transformed.reshape(transformed.shape[0], nz, ny)
    ne, no = (ny + 1) // 2, ny // 2
    nkz = nz // 2 + 1
    pairs = (nz - 1) // 2
    p_even = 1 if component == 1 else 0
    even = np.zeros((plan.cos_z.shape[1], ny), rows.dtype)
    odd = np.zeros((plan.sin_z.shape[1], ny), rows.dtype)
    line = np.empty(ny, rows.dtype)
    for row in range(rows.shape[0]):
        for z in range(nkz):
            if 1 <= z <= pairs:
                for j in range(ny):
                    a, b = rows[row, z, j], rows[row, nz - z, j]
                    even[z, j] = a + b
                    odd[z - 1, j] = a - b
            else:
                for j in range(ny):
                    even[z, j] = rows[row, z, j]
        for bz in range(2):
            s, sign = sector(component, bx, bz)
            scale = rows.dtype.type(sign)
            for k in range(pairs if bz else nkz):
                if bz:
                    combine(plan.sin_z, k, odd, line)
                else:
                    combine(plan.cos_z, k, even, line)
                b = (row + bx) * nkz + k + bz
                for j in range(no):
                    spectrum[b, p_even, s, j, component] = scale * (line[j] + line[ne + j])
                    spectrum[b, 1 - p_even, s, j, component] = scale * (line[j] - line[ne + j])
                if ne > no:
                    spectrum[b, p_even, s, no, component] = scale * line[no]


@kernel
def from_spectrum(spectrum, component, bx, plan, transformed):
    """The inverse (transpose) of to_spectrum."""
    nz, ny = plan.nz, plan.ny
    rows = transformed.reshape(transformed.shape[0], nz, ny)
    ne, no = (ny + 1) // 2, ny // 2
    nkz = nz // 2 + 1
    pairs = (nz - 1) // 2
    p_even = 1 if component == 1 else 0
    cosines = np.zeros((plan.cos_z.shape[1], ny), rows.dtype)
    sines = np.zeros((plan.sin_z.shape[1], ny), rows.dtype)
    even = np.empty(ny, rows.dtype)
    odd = np.empty(ny, rows.dtype)
    for row in range(rows.shape[0]):
        for bz in range(2):
            s, sign = sector(component, bx, bz)
            scale = rows.dtype.type(sign)
            for k in range(pairs if bz else nkz):
                target = sines if bz else cosines
                b = (row + bx) * nkz + k + bz
                for j in range(no):
                    e = scale * spectrum[b, p_even, s, j, component]
                    o = scale * spectrum[b, 1 - p_even, s, j, component]
                    target[k, j] = e + o
                    target[k, ne + j] = e - o
                if ne > no:
                    target[k, no] = scale * spectrum[b, p_even, s, no, component]
        for z in range(nkz):
            combine(plan.cos_z_transposed, z, cosines, even)
            if 1 <= z <= pairs:
                combine(plan.sin_z_transposed, z - 1, sines, odd)
                for j in range(ny):
                    rows[row, z, j] = even[j] + odd[j]
                    rows[row, nz - z, j] = even[j] - odd[j]
            else:
                for j in range(ny):
                    rows[row, z, j] = even[j]


@kernel
def multiply_blocks(spectrum, panels, product):
    """product = spectrum · block for every block: four sectors and one layer's panel at a time.

    A library product of so few rows spends most of its time packing the block.
    """
    layers = spectrum.shape[3]
    width = 3 * layers
    data = panels.data
    # a panel's columns are rounded up to whole vectors of zeros
    y0 = np.empty(width + VECTOR, data.dtype)
    y1 = np.empty(width + VECTOR, data.dtype)
    y2 = np.empty(width + VECTOR, data.dtype)
    y3 = np.empty(width + VECTOR, data.dtype)
    for b in range(spectrum.shape[0]):
        for p in range(2):
            y0[:] = 0
            y1[:] = 0
            y2[:] = 0
            y3[:] = 0
            for layer in range(layers):
                ax, ay, az = components(spectrum, b, p, 0, layer)
                bx, by, bz = components(spectrum, b, p, 1, layer)
                cx, cy, cz = components(spectrum, b, p, 2, layer)
                dx, dy, dz = components(spectrum, b, p, 3, layer)
                # unsigned, or the compiler would check every index for being negative
                first = np.uint64(panels.first[b, p, layer])
                wide = np.uint64(panels.wide[b, p, layer])
                row_x = np.uint64(panels.start[b, p, layer])
                row_y = row_x + wide
                row_z = row_y + wide
                for i in range(np.uint64(0), wide):
                    mx, my, mz = data[row_x + i], data[row_y + i], data[row_z + i]
                    y0[first + i] += ax * mx + ay * my + az * mz
                    y1[first + i] += bx * mx + by * my + bz * mz
                    y2[first + i] += cx * mx + cy * my + cz * mz
                    y3[first + i] += dx * mx + dy * my + dz * mz
            out = product[b, p].reshape(4, width)
            for i in range(width):
                out[0, i] = y0[i]
                out[1, i] = y1[i]
                out[2, i] = y2[i]
                out[3, i] = y3[i]


@formula
def components(spectrum, b, p, s, j):
    """The three components of one layer in one sector."""
    return spectrum[b, p, s, j, 0], spectrum[b, p, s, j, 1], spectrum[b, p, s, j, 2]


@kernel
def linear_force(w, plan, force):
    """−K (u0 + w) of the linear interactions (eV/Å), for w and force of shape (3, nx, nz·ny)."""
    for c in range(3):
        transform_x(w[c], plan)
        to_spectrum(plan.x_cos, c, 0, plan, plan.spectrum)
        to_spectrum(plan.x_sin, c, 1, plan, plan.spectrum)
    multiply_blocks(plan.spectrum, plan.panels, plan.product)
    uniform, sign = sector(0, 0, 0)
    for j in range(plan.reference.shape[0]):
        plan.product[0, 0, uniform, j, 0] += sign * plan.reference[j]
    for c in range(3):
        from_spectrum(plan.product, c, 0, plan, plan.x_cos)
        from_spectrum(plan.product, c, 1, plan, plan.x_sin)
        invert_x(plan, force[c])
