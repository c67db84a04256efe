"""Between a field and its mirror blocks: real Fourier transforms along x and z, parity along y.

Fields are stored as (nx, nz, ny) a component, with y in folded order 0, 1, …, then ny−1, ny−2, …,
so that the even and odd parts are sums and differences of two contiguous halves. Along x and z the
points i and n − i are added and subtracted first, which leaves a cosine and a sine transform of
half the length: small dense matrices, and cheaper than a Fourier transform of prime length.

Two things keep the compiler from using vectors, and are avoided: an index that is a sum of signed
numbers, which it would check for being negative, and writes to two parts of one array in one loop,
which it cannot tell apart.
"""

import numpy as np

from ferronhall.engine.kernels import formula, kernel
from ferronhall.engine.kernels.tile import LANES, ROWS, multiply_tile


@formula
def sector(component, bx, bz):
    """Sector 2·px + pz and sign of a component in the basis (bx, bz): 0 cosine, 1 sine."""
    px = 1 - bx if component == 0 else bx
    pz = 1 - bz if component == 2 else bz
    flipped = (component == 0 and bx == 0) or (component == 2 and bz == 0)
    return 2 * px + pz, (-1 if flipped else 1)


@kernel
def multiply(matrix, lines, out):
    """out = matrix · lines; all shapes are whole numbers of tiles (see block_plan)."""
    terms, columns = lines.shape
    for column in range(0, columns, LANES):
        for row in range(0, matrix.shape[0], ROWS):
            x, tile = (matrix, row * terms, terms), (lines, column, columns)
            multiply_tile(*x, *tile, terms, out, row * columns + column, columns)


@kernel
def transform_x(field, plan):
    """Cosine and sine transforms along x of one component, shape (nx, nz·ny), to plan's buffers."""
    even, odd = plan.x_even, plan.x_odd
    nx, columns = field.shape
    for i in range(nx // 2 + 1):
        if 1 <= i <= (nx - 1) // 2:
            for j in range(columns):
                a, b = field[i, j], field[nx - i, j]
                even[i, j] = a + b
                odd[i, j] = a - b
        else:
            for j in range(columns):
                even[i, j] = field[i, j]
    multiply(plan.cos_x, even, plan.x_cos)
    multiply(plan.sin_x, odd, plan.x_sin)


@kernel
def invert_x(plan, field):
    """The inverse (transpose) of transform_x."""
    even, odd = plan.x_even, plan.x_odd
    nx, columns = field.shape
    multiply(plan.cos_x_transposed, plan.x_cos, even)
    multiply(plan.sin_x_transposed, plan.x_sin, odd)
    for i in range(nx // 2 + 1):
        if 1 <= i <= (nx - 1) // 2:
            for j in range(columns):
                a, b = even[i, j], odd[i, j]
                field[i, j] = a + b
                field[nx - i, j] = a - b
        else:
            for j in range(columns):
                field[i, j] = even[i, j]


@kernel
def to_spectrum(transformed, component, bx, plan, spectrum):
    """Transform the rows (kx, nz·ny) of one component and x basis along z and fold them in y."""
    nz, ny = plan.nz, np.uint64(plan.ny)
    ne, no = np.uint64((plan.ny + 1) // 2), np.uint64(plan.ny // 2)
    nkz = nz // 2 + 1
    p_even = 1 if component == 1 else 0
    even, odd, lines = plan.z_even, plan.z_odd, plan.z_cos
    for kx in range(spectrum.shape[0] // nkz):
        for z in range(nkz):
            here, mirrored = np.uint64(z) * ny, np.uint64(nz - z) * ny
            if 1 <= z <= (nz - 1) // 2:
                for j in range(ny):
                    a, b = transformed[kx, here + j], transformed[kx, mirrored + j]
                    even[z, j] = a + b
                    odd[z, j] = a - b
            else:
                for j in range(ny):
                    even[z, j] = transformed[kx, here + j]
        for bz in range(2):
            if bz:
                multiply(plan.sin_z, odd, lines)
            else:
                multiply(plan.cos_z, even, lines)
            s, sign = sector(component, bx, bz)
            scale = lines.dtype.type(sign)
            for k in range(nkz):
                b = kx * nkz + k
                for j in range(no):
                    sum_ = lines[k, j] + lines[k, ne + j]
                    spectrum[b, p_even, s, component, j] = scale * sum_
                for j in range(no):
                    difference = lines[k, j] - lines[k, ne + j]
                    spectrum[b, 1 - p_even, s, component, j] = scale * difference
                if ne > no:
                    spectrum[b, p_even, s, component, no] = scale * lines[k, no]
                    spectrum[b, 1 - p_even, s, component, no] = 0


@kernel
def from_spectrum(spectrum, component, bx, plan, transformed):
    """The inverse (transpose) of to_spectrum."""
    nz, ny = plan.nz, np.uint64(plan.ny)
    ne, no = np.uint64((plan.ny + 1) // 2), np.uint64(plan.ny // 2)
    nkz = nz // 2 + 1
    p_even = 1 if component == 1 else 0
    even, odd = plan.z_even, plan.z_odd
    for kx in range(spectrum.shape[0] // nkz):
        for bz in range(2):
            lines = plan.z_sin if bz else plan.z_cos
            s, sign = sector(component, bx, bz)
            scale = lines.dtype.type(sign)
            for k in range(nkz):
                b = kx * nkz + k
                even_part = spectrum[b, p_even, s, component]
                odd_part = spectrum[b, 1 - p_even, s, component]
                for j in range(no):
                    lines[k, j] = scale * (even_part[j] + odd_part[j])
                for j in range(no):
                    lines[k, ne + j] = scale * (even_part[j] - odd_part[j])
                if ne > no:
                    lines[k, no] = scale * spectrum[b, p_even, s, component, no]
        multiply(plan.cos_z_transposed, plan.z_cos, even)
        multiply(plan.sin_z_transposed, plan.z_sin, odd)
        for z in range(nkz):
            here, mirrored = np.uint64(z) * ny, np.uint64(nz - z) * ny
            if 1 <= z <= (nz - 1) // 2:
                for j in range(ny):
                    transformed[kx, here + j] = even[z, j] + odd[z, j]
                    transformed[kx, mirrored + j] = even[z, j] - odd[z, j]
            else:
                for j in range(ny):
                    transformed[kx, here + j] = even[z, j]
