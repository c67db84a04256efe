"""Multipole moments of a density in a sphere about a site (Eq. 6), from its Fourier series.

exp(i G.r) = 4π Σ_lm i^l j_l(G r) T_lm(G) T_lm(r), and the radial integral of Eq. 6 is then
∫_0^R r^(l+2) j_l(G r) dr = R^(l+2) j_(l+1)(G R)/G: no grid, and a sharp boundary without error.
"""

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.special import spherical_jn

from ferronhall.crystals.second_order.harmonics import rotation_matrix, tesseral

RADIUS_ANGSTROM = 1.20
"""Radius of the spheres in arXiv:2512.00628."""

MAX_DEGREE = 5


def multipole_moments(density, site, radius=RADIUS_ANGSTROM, max_degree=MAX_DEGREE):
    """Moments w_lm of the charge density, negative for a surplus of electrons (Eq. 6).

    density : Density
    site : array, shape (3,), Å
    radius : float, Å
    returns : dict, (l, m) -> float in |e| Å^l
    """
    waves = _Waves(density, site)
    moments = {}
    for degree in range(max_degree + 1):
        scaled = waves.lengths * radius
        with np.errstate(invalid="ignore", divide="ignore"):
            integral = radius ** (degree + 2) * spherical_jn(degree + 1, scaled) / waves.lengths
        integral = np.where(waves.lengths > 0, integral, radius**3 / 3 if degree == 0 else 0)
        values = waves.angular(degree) @ integral
        norm = np.sqrt(4 * np.pi / (2 * degree + 1))
        for order in range(-degree, degree + 1):
            moments[degree, order] = float(-norm * values[degree + order])
    return moments


def allowed_orders(group, site, axis, degree):
    """Orders m that the partner of the polar irrep along an axis may hold at a site.

    The irrep of the space group restricted to the operations that leave the site where it is: the
    projection of T_lm on the row of the site's own representation must not vanish.

    group : SpaceGroup
    site : array, shape (3,)
        Fractional in the primitive basis.
    axis : int, 0 to 2
    returns : list of int
    """
    site = np.asarray(site, dtype=float)
    moved = group.rotations @ site + group.translations - site
    stays = np.all(np.abs(moved - np.rint(moved)) < 1e-6, axis=1)
    rotations = group.cartesian_rotations[stays]
    weights = rotations[:, axis, axis] / np.sum(rotations[:, axis, axis] ** 2)
    projector = sum(w * rotation_matrix(degree, r) for w, r in zip(weights, rotations, strict=True))
    return [m for m in range(-degree, degree + 1) if projector[degree + m, degree + m] > 1e-6]


def partial_density(density, site, offsets, degrees):
    """The density about a site summed over the harmonics of some degrees.

    offsets : array, shape (p, 3), Å
        From the site; beyond RADIUS_ANGSTROM the result is NaN.
    degrees : sequence of int
        1, 3, 5 for the part that is odd under inversion through the site.
    returns : ndarray, shape (p,), e/Å³
    """
    waves = _Waves(density, site)
    distances = np.linalg.norm(offsets, axis=1)
    radii = np.linspace(0, RADIUS_ANGSTROM, 121)
    total = np.zeros(len(offsets))
    for degree in degrees:
        angular = waves.angular(degree)
        radial = np.array([angular @ spherical_jn(degree, waves.lengths * r) for r in radii])
        inside = CubicSpline(radii, radial)(np.minimum(distances, RADIUS_ANGSTROM)).T
        total += np.sum(inside * tesseral(degree, offsets), axis=0)
    return np.where(distances <= RADIUS_ANGSTROM, total, np.nan)


class _Waves:
    """The waves of a density with their phases at a site."""

    def __init__(self, density, site):
        self.vectors = density.wave_vectors
        self.lengths = np.linalg.norm(self.vectors, axis=1)
        self.amplitudes = density.coefficients * np.exp(1j * self.vectors @ np.asarray(site))

    def angular(self, degree):
        """4π Re i^l n(G) T_lm(G), shape (2l + 1, g)."""
        return 4 * np.pi * (1j**degree * self.amplitudes).real * tesseral(degree, self.vectors)
