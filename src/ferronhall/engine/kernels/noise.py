"""Counter-based normal numbers: (root seed, replica, step, site, component) → value.

Philox4x32-10 (Salmon et al., SC11, 2011) turns a counter into four 32-bit words; Box and Muller
turn two words into two normals. Nothing is carried from one call to the next, so a value depends
on neither threads, nor the order of jobs, nor a restart. Logarithm, sine and cosine are
polynomials good to single precision, which the compiler turns into vector instructions.

A block holds the normals of BLOCK consecutive sites for one component: word w of lane i gives the
normal at w·LANES + i.
"""

import numpy as np
from numba import float32, int32, uint32, uint64

from ferronhall.engine.kernels import formula, kernel

LANES = 64
BLOCK = 4 * LANES

START = 2**32 - 1
"""The number that draws the initial velocities; the substeps pass over it (loop.propagate)."""

_MULTIPLIER_0, _MULTIPLIER_1 = 0xD2511F53, 0xCD9E8D57
_WEYL_0, _WEYL_1 = 0x9E3779B9, 0xBB67AE85
_ROUNDS = 10

# sin(πf/2)/f and cos(πf/2) in powers of f², 0 ≤ f < 1; −2 ln(1+x)/x in powers of x, √½ ≤ 1+x < √2
_S0, _S1, _S2, _S3, _S4 = np.array(
    [1.5707964, -0.6459638, 0.07968992, -0.0046741506, 0.00015167512], np.float32
)
_C0, _C1, _C2, _C3, _C4, _C5 = np.array(
    [1.0, -1.2337005, 0.25366932, -0.020862687, 0.00091772387, -2.3824536e-05], np.float32
)
_L0, _L1, _L2, _L3, _L4 = np.array(
    [-2.0, 0.99999976, -0.6666837, 0.5000431, -0.39913955], np.float32
)
_L5, _L6, _L7, _L8 = np.array([0.33121392, -0.2989819, 0.2875466, -0.17487891], np.float32)
_MINUS_2_LN_2 = np.float32(-2 * np.log(2.0))
_SQRT_HALF_BITS = 0x3F3504F3


@formula
def philox(c0, c1, c2, c3, k0, k1):
    """Four random words from a 128-bit counter and a 64-bit key, all uint32."""
    for _ in range(_ROUNDS):
        p0 = uint64(_MULTIPLIER_0) * uint64(c0)
        p1 = uint64(_MULTIPLIER_1) * uint64(c2)
        n0 = uint32(p1 >> uint64(32)) ^ c1 ^ k0
        n2 = uint32(p0 >> uint64(32)) ^ c3 ^ k1
        c1 = uint32(p1 & uint64(0xFFFFFFFF))
        c3 = uint32(p0 & uint64(0xFFFFFFFF))
        c0 = n0
        c2 = n2
        k0 = uint32(k0 + uint32(_WEYL_0))
        k1 = uint32(k1 + uint32(_WEYL_1))
    return c0, c1, c2, c3


@formula
def box_muller(a, b, scratch, bits, out, start):
    """Two normals from each pair of words, to out[start : start + 2 LANES] (float32).

    scratch, bits : float32[LANES] and its int32 view
    """
    for i in range(LANES):
        # 23 bits and a half: exact in single precision and never 0
        scratch[i] = float32(int32(a[i] >> uint32(9))) + float32(0.5)
    for i in range(LANES):
        exponent = (bits[i] - int32(_SQRT_HALF_BITS)) >> int32(23)
        bits[i] = bits[i] - (exponent << int32(23))
        x = scratch[i] - float32(1)
        p = _L7 + x * _L8
        p = _L3 + x * (_L4 + x * (_L5 + x * (_L6 + x * p)))
        p = _L0 + x * (_L1 + x * (_L2 + x * p))
        radius = np.sqrt(p * x + float32(exponent - int32(23)) * _MINUS_2_LN_2)
        f = (float32(int32(b[i] >> uint32(9))) + float32(0.5)) * float32(2.0**-23)
        z = f * f
        sine = f * (_S0 + z * (_S1 + z * (_S2 + z * (_S3 + z * _S4))))
        cosine = _C0 + z * (_C1 + z * (_C2 + z * (_C3 + z * (_C4 + z * _C5))))
        # two spare bits choose the quadrant
        sign_cosine = float32(1) - float32(int32(b[i] & uint32(1))) * float32(2)
        sign_sine = float32(1) - float32(int32(b[i] & uint32(2)))
        out[start + i] = radius * cosine * sign_cosine
        out[start + LANES + i] = radius * sine * sign_sine


@kernel
def fill_normals(key0, key1, replica, step, component, block, out):
    """The BLOCK normals of one block of sites and one component, float32.

    key0, key1 : int, the halves of the root seed
    step : int, < 2⁶²
        Its upper half stands above the two bits of the component.

    All other arguments but `out` are integers < 2³².
    """
    # allocated here: views passed in as arguments would keep the compiler from vectorising
    scratch = np.empty(LANES, np.float32)
    bits = scratch.view(np.int32)
    a = np.empty(LANES, np.uint32)
    b = np.empty(LANES, np.uint32)
    c = np.empty(LANES, np.uint32)
    d = np.empty(LANES, np.uint32)
    first = uint32(block) * uint32(LANES)
    low = uint32(step & 0xFFFFFFFF)
    above = uint32(uint32(component) | uint32(uint32(step >> 32) << uint32(2)))
    for i in range(LANES):
        a[i], b[i], c[i], d[i] = philox(
            uint32(first + uint32(i)),
            above,
            low,
            uint32(replica),
            uint32(key0),
            uint32(key1),
        )
    box_muller(a, b, scratch, bits, out, 0)
    box_muller(c, d, scratch, bits, out, 2 * LANES)
