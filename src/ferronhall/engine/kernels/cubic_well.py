"""An on-site potential with cubic symmetry, about a place of rest along x.

Its force is added to the linear force, whose place in the substep it shares; the on-site
coefficients of integrator.Coefficients are then zero. Without it nothing here is called.

With s = w_y² + w_z² and p = w_y² w_z²,

    V = V∥(w_x) + s f1(w_x) + s² f2(w_x) + s³ f3(w_x) + s⁴ f4 + p g0(w_x) + p s g1
"""

from ferronhall.engine.kernels import formula, kernel

COEFFICIENTS = 41
"""Numbers of a layer: V∥′ from the first power on (7), 2 f1 (7), f1′ (6), 4 f2 (5), f2′ (4),
6 f3 (3), f3′ (2), 8 f4 (1), 2 g0 (3), g0′ (2) and 2 g1 (1), each in rising powers of w_x."""


@formula
def cubic_force(c, m, j, x, y, z):
    """−∇V of member m in layer j (in storage order) at w = (x, y, z), less that at rest."""
    y2, z2 = y * y, z * z
    s, p = y2 + z2, y2 * z2
    v1 = c[m, 3, j] + x * (c[m, 4, j] + x * (c[m, 5, j] + x * c[m, 6, j]))
    v1 = c[m, 0, j] + x * (c[m, 1, j] + x * (c[m, 2, j] + x * v1))
    f1 = c[m, 10, j] + x * (c[m, 11, j] + x * (c[m, 12, j] + x * c[m, 13, j]))
    f1 = c[m, 7, j] + x * (c[m, 8, j] + x * (c[m, 9, j] + x * f1))
    d1 = c[m, 17, j] + x * (c[m, 18, j] + x * c[m, 19, j])
    d1 = c[m, 14, j] + x * (c[m, 15, j] + x * (c[m, 16, j] + x * d1))
    f2 = c[m, 23, j] + x * c[m, 24, j]
    f2 = c[m, 20, j] + x * (c[m, 21, j] + x * (c[m, 22, j] + x * f2))
    d2 = c[m, 25, j] + x * (c[m, 26, j] + x * (c[m, 27, j] + x * c[m, 28, j]))
    f3 = c[m, 29, j] + x * (c[m, 30, j] + x * c[m, 31, j])
    d3 = c[m, 32, j] + x * c[m, 33, j]
    g0 = c[m, 35, j] + x * (c[m, 36, j] + x * c[m, 37, j])
    d0 = c[m, 38, j] + x * c[m, 39, j]
    f4, g1 = c[m, 34, j], c[m, 40, j]
    along = x * v1 + s * (d1 + s * (d2 + s * d3)) + p * d0
    both = f1 + s * (f2 + s * (f3 + s * f4)) + p * g1
    mixed = g0 + s * g1
    return -along, -y * (both + z2 * mixed), -z * (both + y2 * mixed)


@formula
def cubic_stiffness(c, m, j, x, y, z):
    """Trace of its Hessian (eV/Å²)."""
    y2, z2 = y * y, z * z
    s, p = y2 + z2, y2 * z2
    f1, f2, f3 = 0.0, 0.0, 0.0
    v2, d1, d2, g0 = 0.0, 0.0, 0.0, 0.0
    # in double precision, as the factors of the derivatives make it
    for n in range(6, -1, -1):
        v2 = v2 * x + (n + 1) * c[m, n, j]
        f1 = f1 * x + c[m, 7 + n, j]
    for n in range(5, 0, -1):
        d1 = d1 * x + n * c[m, 14 + n, j]
    for n in range(4, -1, -1):
        f2 = f2 * x + c[m, 20 + n, j]
    for n in range(3, 0, -1):
        d2 = d2 * x + n * c[m, 25 + n, j]
    for n in range(2, -1, -1):
        f3 = f3 * x + c[m, 29 + n, j]
        g0 = g0 * x + c[m, 35 + n, j]
    d3, f4, d0, g1 = c[m, 33, j], c[m, 34, j], c[m, 39, j], c[m, 40, j]
    along = v2 + s * (d1 + s * (d2 + s * d3)) + p * d0
    both = f1 + s * (f2 + s * (f3 + s * f4)) + p * g1
    slope = f2 + s * (2 * f3 + 3 * s * f4)
    return along + 2 * both + s * (g0 + s * g1) + 2 * s * slope + 8 * p * g1


@kernel
def add_cubic_well(w, cubic, force):
    """Add the potential's force to `force`, both of shape (members, 3, sites).

    cubic : ndarray, shape (members, COEFFICIENTS, ny), layers in storage order
    """
    ny = cubic.shape[2]
    for m in range(w.shape[0]):
        for row in range(w.shape[2] // ny):
            for j in range(ny):
                i = row * ny + j
                fx, fy, fz = cubic_force(cubic, m, j, w[m, 0, i], w[m, 1, i], w[m, 2, i])
                force[m, 0, i] += fx
                force[m, 1, i] += fy
                force[m, 2, i] += fz
