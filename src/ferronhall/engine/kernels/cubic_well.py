"""An on-site potential with cubic symmetry, about a place of rest along x.

Its force is added to the linear force, whose place in the substep it shares; the on-site
coefficients of integrator.Coefficients are then zero. Without it nothing here is called.

With s = w_y² + w_z² and p = w_y² w_z²,

    V = V∥(w_x) + s f1(w_x) + s² f2(w_x) + s³ f3(w_x) + s⁴ f4 + p g0(w_x) + p s g1
"""

import numpy as np

from ferronhall.engine.kernels import borrowing, formula, kernel

COEFFICIENTS = 41
"""Numbers of a layer: V∥′ from the first power on (7), 2 f1 (7), f1′ (6), 4 f2 (5), f2′ (4),
6 f3 (3), f3′ (2), 8 f4 (1), 2 g0 (3), g0′ (2) and 2 g1 (1), each in rising powers of w_x."""


@formula
def coefficients_of(c, m, j):
    """Those of member m in layer j (in storage order), or in all layers where there is one."""
    return (
        c[m, 0, j],
        c[m, 1, j],
        c[m, 2, j],
        c[m, 3, j],
        c[m, 4, j],
        c[m, 5, j],
        c[m, 6, j],
        c[m, 7, j],
        c[m, 8, j],
        c[m, 9, j],
        c[m, 10, j],
        c[m, 11, j],
        c[m, 12, j],
        c[m, 13, j],
        c[m, 14, j],
        c[m, 15, j],
        c[m, 16, j],
        c[m, 17, j],
        c[m, 18, j],
        c[m, 19, j],
        c[m, 20, j],
        c[m, 21, j],
        c[m, 22, j],
        c[m, 23, j],
        c[m, 24, j],
        c[m, 25, j],
        c[m, 26, j],
        c[m, 27, j],
        c[m, 28, j],
        c[m, 29, j],
        c[m, 30, j],
        c[m, 31, j],
        c[m, 32, j],
        c[m, 33, j],
        c[m, 34, j],
        c[m, 35, j],
        c[m, 36, j],
        c[m, 37, j],
        c[m, 38, j],
        c[m, 39, j],
        c[m, 40, j],
    )


@formula
def cubic_force(c, x, y, z):
    """−∇V at w = (x, y, z), less that at rest.

    c : tuple of COEFFICIENTS numbers, see coefficients_of
    """
    y2, z2 = y * y, z * z
    s, p = y2 + z2, y2 * z2
    v1 = c[3] + x * (c[4] + x * (c[5] + x * c[6]))
    v1 = c[0] + x * (c[1] + x * (c[2] + x * v1))
    f1 = c[10] + x * (c[11] + x * (c[12] + x * c[13]))
    f1 = c[7] + x * (c[8] + x * (c[9] + x * f1))
    d1 = c[17] + x * (c[18] + x * c[19])
    d1 = c[14] + x * (c[15] + x * (c[16] + x * d1))
    f2 = c[23] + x * c[24]
    f2 = c[20] + x * (c[21] + x * (c[22] + x * f2))
    d2 = c[25] + x * (c[26] + x * (c[27] + x * c[28]))
    f3 = c[29] + x * (c[30] + x * c[31])
    d3 = c[32] + x * c[33]
    g0 = c[35] + x * (c[36] + x * c[37])
    d0 = c[38] + x * c[39]
    f4, g1 = c[34], c[40]
    along = x * v1 + s * (d1 + s * (d2 + s * d3)) + p * d0
    both = f1 + s * (f2 + s * (f3 + s * f4)) + p * g1
    mixed = g0 + s * g1
    return -along, -y * (both + z2 * mixed), -z * (both + y2 * mixed)


@formula
def cubic_stiffness(c, x, y, z):
    """Trace of its Hessian (eV/Å²)."""
    y2, z2 = y * y, z * z
    s, p = y2 + z2, y2 * z2
    f1, f2, f3 = 0.0, 0.0, 0.0
    v2, d1, d2, g0 = 0.0, 0.0, 0.0, 0.0
    # in double precision, as the factors of the derivatives make it
    for n in range(6, -1, -1):
        v2 = v2 * x + (n + 1) * c[n]
        f1 = f1 * x + c[7 + n]
    for n in range(5, 0, -1):
        d1 = d1 * x + n * c[14 + n]
    for n in range(4, -1, -1):
        f2 = f2 * x + c[20 + n]
    for n in range(3, 0, -1):
        d2 = d2 * x + n * c[25 + n]
    for n in range(2, -1, -1):
        f3 = f3 * x + c[29 + n]
        g0 = g0 * x + c[35 + n]
    d3, f4, d0, g1 = c[33], c[34], c[39], c[40]
    along = v2 + s * (d1 + s * (d2 + s * d3)) + p * d0
    both = f1 + s * (f2 + s * (f3 + s * f4)) + p * g1
    slope = f2 + s * (2 * f3 + 3 * s * f4)
    return along + 2 * both + s * (g0 + s * g1) + 2 * s * slope + 8 * p * g1


@kernel
def add_cubic_well(w, cubic, force):
    """Add the potential's force to `force`, both of shape (members, 3, sites).

    cubic : ndarray, shape (members, COEFFICIENTS, 1), or (…, ny) where layers differ, in storage
        order
    """
    layers = cubic.shape[2]
    for m in range(w.shape[0]):
        if layers == 1:
            add_alike(w[m], coefficients_of(cubic, m, 0), force[m])
            continue
        for row in range(w.shape[2] // layers):
            for j in range(layers):
                p = row * layers + j
                c = coefficients_of(cubic, m, j)
                fx, fy, fz = cubic_force(c, w[m, 0, p], w[m, 1, p], w[m, 2, p])
                force[m, 0, p] += fx
                force[m, 1, p] += fy
                force[m, 2, p] += fz


@borrowing
def add_alike(w, c, force):
    """The same of one member, (3, sites), with one set of numbers: in vectors."""
    for p in range(np.uint64(w.shape[1])):
        fx, fy, fz = cubic_force(c, w[0, p], w[1, p], w[2, p])
        force[0, p] += fx
        force[1, p] += fy
        force[2, p] += fz
