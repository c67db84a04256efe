"""What a device could do at best: its bandwidth and arithmetic, and what a substep asks of them."""

import time

import numpy as np
from numba import cuda

from ferronhall.engine.gpu.device import per_thread

_CHAINS = 8
_EACH = 64
"""Products and sums of a thread's chains between two looks at its loop."""


@cuda.jit
def copy(source, target):
    """One number a thread."""
    i = cuda.grid(1)
    if i < source.size:
        target[i] = source[i]


@cuda.jit
def clear(target):
    """Zero one number a thread."""
    i = cuda.grid(1)
    if i < target.size:
        target[i] = 0


@cuda.jit
def multiply_add(rounds, factor, out):
    """Chains of products and sums, in registers."""
    a = cuda.local.array(_CHAINS, np.float32)
    for c in range(_CHAINS):
        a[c] = np.float32(cuda.grid(1) + c)
    for _ in range(rounds):
        for _each in range(_EACH):
            for c in range(_CHAINS):
                a[c] = a[c] * factor + factor
    total = np.float32(0)
    for c in range(_CHAINS):
        total += a[c]
    out[cuda.grid(1)] = total


def least(call, repeats):
    """Least seconds of a call of the device, of several, after one that compiles."""
    call()
    cuda.synchronize()
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        call()
        cuda.synchronize()
        times.append(time.perf_counter() - begun)
    return min(times)


def bandwidth(numbers, repeats):
    """Bytes a second, read and written, of a copy in single precision."""
    source, target = (cuda.device_array(numbers, np.float32) for _ in range(2))
    seconds = least(lambda: copy[per_thread(numbers)](source, target), repeats)
    return 8 * numbers / seconds


def arithmetic(blocks, threads, rounds, repeats):
    """Floating-point operations a second, of products and sums in single precision."""
    out = cuda.device_array(blocks * threads, np.float32)
    factor = np.float32(0.5)
    seconds = least(lambda: multiply_add[blocks, threads](rounds, factor, out), repeats)
    return 2 * _CHAINS * _EACH * rounds * blocks * threads / seconds


def bytes_moved(slab, itemsize):
    """Of a member-substep, each field read and written once by every pass over it."""
    passes = 3 if slab.nz == 1 else 5
    # the substep reads w, v and force and writes w and v
    return (2 * passes + 5) * 3 * slab.sites * itemsize


def operations(slab, product):
    """Floating-point operations in the products of a member-substep.

    product : BlockProduct
        Whose bands say how many terms its rows have.
    """
    nx, ny, nz = slab.shape

    def transform(n, lines):
        return 2 * 2 * 3 * lines * ((n // 2 + 1) ** 2 + ((n - 1) // 2) ** 2)

    first, last = np.moveaxis(product.bands.copy_to_host().astype(float), -1, 0)
    # two parities, four sectors, a product and a sum
    blocks = 2 * 4 * 2 * product.tile.rows_each * (last - first).sum()
    return transform(nx, ny * nz) + (transform(nz, nx * ny) if nz > 1 else 0) + blocks
