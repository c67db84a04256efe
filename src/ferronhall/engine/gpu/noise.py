"""The normals of engine.kernels.noise on a device, one lane of a block a call, equal bit for bit.

The CPU's compiler fuses every product with the sum it goes into; here that is written out, as fma.
"""

import math

import numpy as np
from numba import cuda

from ferronhall.engine.gpu.device import EMULATED, function
from ferronhall.engine.kernels import noise

_ROUNDS = noise._ROUNDS
_HALF = np.float32(0.5)
_TINY = np.float32(2.0**-23)
_SQRT_TWO = noise._SQRT_HALF_BITS & 0x7FFFFF
"""The fraction bits of √½, and so of √2."""

if EMULATED:

    def word(x):
        """A number of 32 bits."""
        return int(x) & 0xFFFFFFFF

    def wide_product(a, b):
        """Upper and lower word of a product."""
        product = a * b
        return product >> 32, product & 0xFFFFFFFF

    def floor_log2(x):
        """Number of the highest bit set."""
        return x.bit_length() - 1

    def fma(a, b, c):
        """a·b + c in single precision, rounded once: the product of two is exact in doubles."""
        return np.float32(float(a) * float(b) + float(c))

else:

    @function
    def word(x):
        """A number of 32 bits."""
        return np.uint32(x)

    @function
    def wide_product(a, b):
        """Upper and lower word of a product."""
        product = np.uint64(a) * np.uint64(b)
        return np.uint32(product >> np.uint64(32)), np.uint32(product)

    @function
    def floor_log2(x):
        """Number of the highest bit set."""
        return np.int32(31) - np.int32(cuda.clz(x))

    @function
    def fma(a, b, c):
        """a·b + c in single precision, rounded once."""
        return cuda.fma(a, b, c)


_M0, _M1 = (np.uint32(m) for m in (noise._MULTIPLIER_0, noise._MULTIPLIER_1))
_W0, _W1 = (np.uint32(w) for w in (noise._WEYL_0, noise._WEYL_1))
if EMULATED:
    _M0, _M1, _W0, _W1 = int(_M0), int(_M1), int(_W0), int(_W1)

_S0, _S1, _S2, _S3, _S4 = noise._S0, noise._S1, noise._S2, noise._S3, noise._S4
_C0, _C1, _C2, _C3, _C4, _C5 = noise._C0, noise._C1, noise._C2, noise._C3, noise._C4, noise._C5
_L0, _L1, _L2, _L3, _L4 = noise._L0, noise._L1, noise._L2, noise._L3, noise._L4
_L5, _L6, _L7, _L8 = noise._L5, noise._L6, noise._L7, noise._L8
_MINUS_2_LN_2 = noise._MINUS_2_LN_2


@function
def philox(c0, c1, c2, c3, k0, k1):
    """Four random words from a 128-bit counter and a 64-bit key, as noise.philox."""
    for _ in range(_ROUNDS):
        high0, low0 = wide_product(_M0, c0)
        high1, low1 = wide_product(_M1, c2)
        c0 = word(high1 ^ c1 ^ k0)
        c2 = word(high0 ^ c3 ^ k1)
        c1 = low1
        c3 = low0
        k0 = word(k0 + _W0)
        k1 = word(k1 + _W1)
    return c0, c1, c2, c3


@function
def box_muller(a, b):
    """Two normals from two words, as noise.box_muller."""
    # twice what is between 0 and 2²³, as an odd number; its leading bits as a number in [1, 2)
    odd = word((a >> 9) * 2 + 1)
    exponent = floor_log2(odd)
    leading = word(odd << (23 - exponent))
    above = np.int32((leading & 0x7FFFFF) >= _SQRT_TWO)
    one = np.float32(1)
    mantissa = np.float32(leading) * _TINY
    if above:
        mantissa = mantissa * _HALF
    x = mantissa - one
    p = fma(x, _L8, _L7)
    p = fma(x, fma(x, fma(x, fma(x, p, _L6), _L5), _L4), _L3)
    p = fma(x, fma(x, fma(x, p, _L2), _L1), _L0)
    halvings = np.float32(np.int32(exponent - 1) + above - np.int32(23))
    radius = np.float32(math.sqrt(fma(p, x, halvings * _MINUS_2_LN_2)))
    f = (np.float32(b >> 9) + _HALF) * _TINY
    z = f * f
    sine = f * fma(z, fma(z, fma(z, fma(z, _S4, _S3), _S2), _S1), _S0)
    cosine = fma(z, fma(z, fma(z, fma(z, fma(z, _C5, _C4), _C3), _C2), _C1), _C0)
    if b & 1:
        cosine = -cosine
    if b & 2:
        sine = -sine
    return radius * cosine, radius * sine


@function
def four_normals(key0, key1, replica, step_low, step_high, component, block, lane):
    """The normals of sites block·BLOCK + lane + LANES (0, 1, 2, 3), of one component.

    All arguments are integers < 2³², step_high < 2³⁰.
    """
    a, b, c, d = philox(
        word(block * noise.LANES + lane),
        word(component | (step_high << 2)),
        word(step_low),
        word(replica),
        word(key0),
        word(key1),
    )
    n0, n1 = box_muller(a, b)
    n2, n3 = box_muller(c, d)
    return n0, n1, n2, n3
