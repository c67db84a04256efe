"""The linear force by the mirror blocks of the slab operator (see slab_operator).

    field → fold and transform x → transform z, fold y → one product a block → and back

Storage: field arrays have shape (3, nx, nz, ny) with y in folded order 0, 1, …, then ny−1, ny−2, …,
so that the even and odd parts are sums and differences of two contiguous halves. A block's
coefficients stand in spectrum[kx·nkz + kz, p, 2·px + pz, :]: y parity p, and the parity (0 cosine,
1 sine) of the sector along x and z. A coefficient that does not exist (sin 0) stays zero.
"""

import numpy as np

from ferronhall.kernels import formula, kernel


@formula
def offset(component, even, ne, no):
    """y parity p and first index of a component's even or odd functions in a block's vector."""
    if component == 1:
        return (1, no) if even else (0, ne)
    start = 0 if component == 0 else ne + no
    return (0, start) if even else (1, start)


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
def scatter_row(row, component, bx, kx, plan, spectrum):
    """Transform one (nz, ny) row along z, fold y, and put it into its blocks."""
    nz, ny = plan.nz, plan.ny
    ne, no = (ny + 1) // 2, ny // 2
    nkz = nz // 2 + 1
    pairs = (nz - 1) // 2
    p_even, at_even = offset(component, True, ne, no)
    p_odd, at_odd = offset(component, False, ne, no)
    even, odd = plan.z_even, plan.z_odd
    line = np.empty(ny, row.dtype)
    for z in range(nkz):
        if 1 <= z <= pairs:
            for j in range(ny):
                a, b = row[z * ny + j], row[(nz - z) * ny + j]
                even[z, j] = a + b
                odd[z - 1, j] = a - b
        else:
            for j in range(ny):
                even[z, j] = row[z * ny + j]
    for bz in range(2):
        source = even if bz == 0 else odd
        matrix = plan.cos_z if bz == 0 else plan.sin_z
        s, sign = sector(component, bx, bz)
        scale = row.dtype.type(sign)
        for k in range(matrix.shape[0]):
            for j in range(ny):
                line[j] = matrix[k, 0] * source[0, j]
            for z in range(1, matrix.shape[1]):
                for j in range(ny):
                    line[j] += matrix[k, z] * source[z, j]
            b = kx * nkz + k + bz
            for j in range(no):
                spectrum[b, p_even, s, at_even + j] = scale * (line[j] + line[ne + j])
                spectrum[b, p_odd, s, at_odd + j] = scale * (line[j] - line[ne + j])
            if ne > no:
                spectrum[b, p_even, s, at_even + no] = scale * line[no]


@formula
def gather_row(spectrum, component, bx, kx, plan, row):
    """The inverse (transpose) of scatter_row."""
    nz, ny = plan.nz, plan.ny
    ne, no = (ny + 1) // 2, ny // 2
    nkz = nz // 2 + 1
    pairs = (nz - 1) // 2
    p_even, at_even = offset(component, True, ne, no)
    p_odd, at_odd = offset(component, False, ne, no)
    even, odd = plan.z_even, plan.z_odd
    line = np.empty(ny, row.dtype)
    even[:] = 0
    odd[:] = 0
    for bz in range(2):
        target = even if bz == 0 else odd
        matrix = plan.cos_z if bz == 0 else plan.sin_z
        s, sign = sector(component, bx, bz)
        scale = row.dtype.type(sign)
        for k in range(matrix.shape[0]):
            b = kx * nkz + k + bz
            for j in range(no):
                e = scale * spectrum[b, p_even, s, at_even + j]
                o = scale * spectrum[b, p_odd, s, at_odd + j]
                line[j] = e + o
                line[ne + j] = e - o
            if ne > no:
                line[no] = scale * spectrum[b, p_even, s, at_even + no]
            for z in range(matrix.shape[1]):
                for j in range(ny):
                    target[z, j] += matrix[k, z] * line[j]
    for z in range(nkz):
        if 1 <= z <= pairs:
            for j in range(ny):
                a, b = even[z, j], odd[z - 1, j]
                row[z * ny + j] = a + b
                row[(nz - z) * ny + j] = a - b
        else:
            for j in range(ny):
                row[z * ny + j] = even[z, j]


@kernel
def multiply_blocks(spectrum, blocks, product):
    """product = spectrum · block for every block: four sectors and four rows of it at a time.

    A library product of so few rows spends most of its time packing the block. The width of a
    block is a multiple of 4.
    """
    width = blocks.shape[3]
    y0 = np.empty(width, blocks.dtype)
    y1 = np.empty(width, blocks.dtype)
    y2 = np.empty(width, blocks.dtype)
    y3 = np.empty(width, blocks.dtype)
    for b in range(blocks.shape[0]):
        for p in range(2):
            y0[:] = 0
            y1[:] = 0
            y2[:] = 0
            y3[:] = 0
            for j in range(0, width, 4):
                a0, a1, a2, a3 = four(spectrum, b, p, 0, j)
                b0, b1, b2, b3 = four(spectrum, b, p, 1, j)
                c0, c1, c2, c3 = four(spectrum, b, p, 2, j)
                d0, d1, d2, d3 = four(spectrum, b, p, 3, j)
                for i in range(width):
                    m0, m1 = blocks[b, p, j, i], blocks[b, p, j + 1, i]
                    m2, m3 = blocks[b, p, j + 2, i], blocks[b, p, j + 3, i]
                    y0[i] += a0 * m0 + a1 * m1 + a2 * m2 + a3 * m3
                    y1[i] += b0 * m0 + b1 * m1 + b2 * m2 + b3 * m3
                    y2[i] += c0 * m0 + c1 * m1 + c2 * m2 + c3 * m3
                    y3[i] += d0 * m0 + d1 * m1 + d2 * m2 + d3 * m3
            for i in range(width):
                product[b, p, 0, i] = y0[i]
                product[b, p, 1, i] = y1[i]
                product[b, p, 2, i] = y2[i]
                product[b, p, 3, i] = y3[i]


@formula
def four(spectrum, b, p, s, j):
    """Four neighbouring coefficients of one sector."""
    return (
        spectrum[b, p, s, j],
        spectrum[b, p, s, j + 1],
        spectrum[b, p, s, j + 2],
        spectrum[b, p, s, j + 3],
    )


@kernel
def linear_force(w, plan, force):
    """−K (u0 + w) of the linear interactions (eV/Å), for w and force of shape (3, nx, nz·ny)."""
    for c in range(3):
        transform_x(w[c], plan)
        for kx in range(plan.x_cos.shape[0]):
            scatter_row(plan.x_cos[kx], c, 0, kx, plan, plan.spectrum)
        for kx in range(plan.x_sin.shape[0]):
            scatter_row(plan.x_sin[kx], c, 1, kx + 1, plan, plan.spectrum)
    multiply_blocks(plan.spectrum, plan.blocks, plan.product)
    uniform, sign = sector(0, 0, 0)
    for j in range(plan.reference.shape[0]):
        plan.product[0, 0, uniform, j] += sign * plan.reference[j]
    for c in range(3):
        for kx in range(plan.x_cos.shape[0]):
            gather_row(plan.product, c, 0, kx, plan, plan.x_cos[kx])
        for kx in range(plan.x_sin.shape[0]):
            gather_row(plan.product, c, 1, kx + 1, plan, plan.x_sin[kx])
        invert_x(plan, force[c])
