"""Normalised real (tesseral) spherical harmonics, and how rotations mix them."""

import numpy as np
from scipy.special import sph_harm_y

NAMES = {
    (1, -1): "p_y",
    (1, 0): "p_z",
    (1, 1): "p_x",
    (2, -2): "d_xy",
    (2, -1): "d_yz",
    (2, 0): "d_z2",
    (2, 1): "d_xz",
    (2, 2): "d_x2-y2",
    (3, -3): "f_y(3x2-y2)",
    (3, -2): "f_xyz",
    (3, -1): "f_yz2",
    (3, 0): "f_z3",
    (3, 1): "f_xz2",
    (3, 2): "f_z(x2-y2)",
    (3, 3): "f_x(x2-3y2)",
    (4, -2): "g_xyz2",
    (4, 0): "g_z4",
    (5, 0): "h_z5",
    (5, 4): "h_z(x4-6x2y2+y4)",
}
"""(l, m) -> the function's customary name, where it has one."""


def name(degree, order):
    """Name of a harmonic: the customary one, or its degree and order."""
    return NAMES.get((degree, order), f"T_{degree},{order}")


def tesseral(degree, directions):
    """The 2l + 1 harmonics of a degree, orthonormal on the unit sphere.

    T_lm is √2 (-1)^m Re Y_lm for m > 0 and √2 (-1)^m Im Y_l|m| for m < 0, so that T_11, T_1-1 and
    T_10 are along +x, +y and +z.

    degree : int, l
    directions : array, shape (n, 3)
        Of any length but zero; a zero vector counts as +z.
    returns : ndarray, shape (2l + 1, n), m from -l to l
    """
    x, y, z = np.asarray(directions, dtype=float).T
    polar, azimuth = np.arctan2(np.hypot(x, y), z), np.arctan2(y, x)
    rows = []
    for order in range(-degree, degree + 1):
        complex_harmonic = sph_harm_y(degree, abs(order), polar, azimuth)
        if order == 0:
            rows.append(complex_harmonic.real)
        else:
            part = complex_harmonic.real if order > 0 else complex_harmonic.imag
            rows.append(np.sqrt(2) * (-1) ** order * part)
    return np.array(rows)


def rotation_matrix(degree, rotation):
    """D with T_lm(R⁻¹ n) = Σ_m' T_lm'(n) D_m'm, for a proper or improper rotation.

    rotation : array, shape (3, 3), orthogonal
    returns : ndarray, shape (2l + 1, 2l + 1), orthogonal
    """
    count = 4 * degree + 4
    # points of a Fibonacci spiral: enough, and spread evenly, so that the system is well posed
    height = 1 - (2 * np.arange(count) + 1) / count
    angle = np.pi * (1 + np.sqrt(5)) * np.arange(count)
    radius = np.sqrt(1 - height**2)
    points = np.stack([radius * np.cos(angle), radius * np.sin(angle), height], axis=1)
    before = tesseral(degree, points).T
    after = tesseral(degree, points @ rotation).T
    return np.linalg.lstsq(before, after, rcond=None)[0]
