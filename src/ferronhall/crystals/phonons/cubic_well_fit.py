"""The on-site potential with cubic symmetry, fitted to energies along two or three directions.

    E − E0 = κ u² + α u⁴ + γ Σ u_l²u_m² (+ k1 u⁶ + k2 Σ u_l⁴(u_m² + u_n²) + k3 u_x²u_y²u_z²)

by least squares over all points of all paths, E0 common to them. Along [100] the fourth order is α,
along [110] α + γ/4 and along [111] α + γ/3; the sixth is k1, k1 + k2/4 and k1 + 2 k2/9 + k3/27, so
that k2 takes a path along [110] and k3 one along [111] beside it.
"""

from dataclasses import dataclass

import numpy as np

from ferronhall.base.errors import ConfigError
from ferronhall.base.units import MEV
from ferronhall.crystals.phonons.lattice_dynamics import Note
from ferronhall.crystals.phonons.mode_paths import ALIKE, KEY, in_words
from ferronhall.model.cubic_potential import CubicPotential

AUTO = "auto"

UNITS = {"kappa": "A2", "alpha": "A4", "gamma": "A4", "k1": "A6", "k2": "A6", "k3": "A6"}
"""Coefficient → power of the length in its unit, eV/Å² and so on."""

_WORTH, _FINE = 2.0, 1e-4
"""How much smaller the sixth order has to leave the residual to be taken unasked, and the share of
the well's depth below which there is nothing to improve."""

_STIFFER, _ANOTHER = 1.25, 3.0
"""Ratio of the curvatures of paths and force constants that is said aloud, and that is refused."""


@dataclass(frozen=True)
class CubicWellFit:
    """A fitted potential.

    potential : CubicPotential
    order : 4 or 6
    values, errors : dict, name of a coefficient → value and standard error (UNITS, eV)
    points : int
    residual, largest : float, eV
        Root mean square (over the degrees of freedom) and largest deviation of the points.
    curvature, crystal : float, eV/Å²
        2κ, and the force constants projected on the mode at Γ.
    directions : tuple of tuples
    notes : tuple of Note
    """

    potential: CubicPotential
    order: int
    values: dict
    errors: dict
    points: int
    residual: float
    largest: float
    curvature: float
    crystal: float
    directions: tuple
    notes: tuple

    @property
    def described(self):
        """How it was fitted and how well, in a line."""
        along = ", ".join(in_words(direction) for direction in self.directions)
        return (
            f"fit of order {self.order} to {self.points} energies of the cubic cell along {along}: "
            f"residual {MEV * self.residual:.2g} meV rms, {MEV * self.largest:.2g} meV at most"
        )


def fit_cubic_well(paths, order, soft_mode, cubic):
    """CubicWellFit of ModePaths.

    order : "auto", 4 or 6
    raises : ConfigError
    """
    _require_directions(paths)
    depth = _depth(paths)
    _require_common_point(paths, depth)
    crystal = projected_stiffness(soft_mode, cubic)
    if order == AUTO:
        names, notes = _chosen(paths, depth)
    else:
        names, notes = _names(order, paths), [n for path in paths for n in path.notes]
        _require_enough(paths, names, order)
    values, errors, residual, deviation = _least_squares(paths, names)
    potential = CubicPotential(**values)
    if reason := _unusable(potential):
        raise ConfigError(f"{KEY}: the fit of order {_order(names)} {reason}")
    notes += _curvatures(2 * values["kappa"], crystal)
    return CubicWellFit(
        potential,
        _order(names),
        values,
        errors,
        len(deviation),
        residual,
        float(np.abs(deviation).max()),
        2 * values["kappa"],
        crystal,
        tuple(path.direction for path in paths),
        tuple(notes),
    )


def projected_stiffness(soft_mode, cubic):
    """v Φ(Γ) v of the mode (eV/Å²), twice the κ of small u without a macroscopic field."""
    hessian = cubic.hessian(np.zeros(3)).real
    vectors = soft_mode.eigenvector
    return float(np.einsum("kai,aibj,kbj->k", vectors, hessian, vectors).mean())


def _require_directions(paths):
    families = {path.family for path in paths}
    if 1 not in families or len(families) == 1:
        given = ", ".join(in_words(path.direction) for path in paths)
        raise ConfigError(
            f"{KEY}: the paths are along {given}; γ takes one along an axis, as [1, 0, 0], and one "
            "along [1, 1, 0] or [1, 1, 1]"
        )


def _depth(paths):
    """Of the well along an axis (eV)."""
    depth = max(path.centre - path.energy.min() for path in paths if path.family == 1)
    if depth <= 0:
        raise ConfigError(
            f"{KEY}: no energy along the axis lies below that at lambda = 0, so there is no double "
            "well in the cubic cell"
        )
    return depth


def _require_common_point(paths, depth):
    first = paths[0]
    for path in paths[1:]:
        apart = path.centre - first.centre
        if abs(apart) > ALIKE * depth:
            raise ConfigError(
                f"{KEY}: at lambda = 0 the energy of '{path.file}' is {MEV * apart:+.3g} meV off "
                f"that of '{first.file}', of a well of {MEV * depth:.3g} meV, and both are the "
                "cubic crystal; compute both in one cell, with one program, cutoff and mesh"
            )


def _names(order, paths):
    names = ["kappa", "alpha", "gamma"]
    if order == 6:
        families = {path.family for path in paths}
        names += ["k1", "k2"] + (["k3"] if 3 in families else [])
    return names


def _order(names):
    return 6 if "k1" in names else 4


def _require_enough(paths, names, order):
    if missing := _too_few(paths, names):
        raise ConfigError(f"{KEY}: order: {order}, and {missing}")


def _too_few(paths, names):
    """What the paths lack for these coefficients, in words; empty where nothing."""
    sizes = {1: set(), 2: set(), 3: set()}
    for path in paths:
        size = np.linalg.norm(path.mode)
        sizes[path.family] |= {round(abs(x) * size, 6) for x in path.progress if x != 0}
    half = _order(names) // 2
    if _order(names) == 6 and not sizes[2]:
        return "without a path along [1, 1, 0] the sixth order across the axes is open; add one"
    for family, needed in ((1, half), (2, half - 1), (3, half - 1)):
        if sizes[family] and len(sizes[family]) < needed:
            direction = in_words([1] * family + [0] * (3 - family))
            return (
                f"the path along {direction} has {len(sizes[family])} amplitudes beside 0, where "
                f"{needed} or more are needed; add structures"
            )
    points, unknown = sum(len(path.progress) for path in paths), len(names) + 1
    if points <= unknown:
        return (
            f"{points} energies leave nothing to tell the error of {unknown} numbers by; add "
            "structures"
        )
    return ""


def _chosen(paths, depth):
    """Coefficients to fit by themselves: of sixth order where data suffice and it is worth it."""
    notes = [note for path in paths for note in path.notes]
    low, high = _names(4, paths), _names(6, paths)
    _require_enough(paths, low, AUTO)
    if missing := _too_few(paths, high):
        return low, [*notes, Note(f"cubic well: no sixth order, as {missing}")]
    plain = _least_squares(paths, low)[2]
    values, _, residual, _ = _least_squares(paths, high)
    left = f"of sixth order {MEV * residual:.2g} meV would be left, of fourth {MEV * plain:.2g}"
    if plain < _FINE * depth or residual * _WORTH > plain:
        return low, [*notes, Note(f"cubic well: {left}, so the fourth will do")]
    if reason := _unusable(CubicPotential(**values)):
        text = f"cubic well: {left}, but the fit of sixth order {reason}; the fourth is taken"
        return low, [*notes, Note(text, loud=True)]
    return high, notes


def _least_squares(paths, names):
    """Values and standard errors by name, residual and deviations of the points (eV)."""
    u = np.concatenate([path.points for path in paths])
    energy = np.concatenate([path.energy for path in paths])
    energy = energy - paths[0].centre
    columns = [*(_terms(u)[name] for name in names), np.ones(len(u))]
    matrix = np.stack(columns, axis=1)
    # columns of like size: u is some hundredths of an ångström
    scale = np.abs(matrix).max(axis=0)
    found, *_ = np.linalg.lstsq(matrix / scale, energy, rcond=None)
    deviation = energy - matrix / scale @ found
    residual = float(np.sqrt(deviation @ deviation / (len(energy) - len(scale))))
    spread = np.linalg.inv((matrix / scale).T @ (matrix / scale))
    errors = residual * np.sqrt(np.diag(spread)) / scale
    values = found / scale
    as_dict = [dict(zip(names, map(float, x[:-1]), strict=True)) for x in (values, errors)]
    return *as_dict, residual, deviation


def _terms(u):
    """What each coefficient multiplies, of u of shape (m, 3)."""
    square = u**2
    length, fourth = square.sum(axis=1), (square**2).sum(axis=1)
    pairs = (length**2 - fourth) / 2
    product = square.prod(axis=1)
    # Σ u_l⁴(u_m² + u_n²) = Σ_l<m u_l²u_m² u² − 3 u_x²u_y²u_z²
    mixed = pairs * length - 3 * product
    return {
        "kappa": length,
        "alpha": length**2,
        "gamma": pairs,
        "k1": length**3,
        "k2": mixed,
        "k3": product,
    }


def _unusable(potential):
    """Why no campaign can take a potential, in words; empty where it can."""
    directions = np.array(np.meshgrid(*3 * [np.linspace(0, 1, 41)])).reshape(3, -1).T[1:]
    directions /= np.linalg.norm(directions, axis=1)[:, None]
    terms = _terms(directions)
    highest = ("k1", "k2", "k3") if potential.k1 or potential.k2 else ("alpha", "gamma")
    rise = sum(getattr(potential, name) * terms[name] for name in highest)
    if rise.min() <= 0:
        worst = directions[rise.argmin()] / directions[rise.argmin()].max()
        along = " ".join(f"{part:.2g}" for part in worst)
        return (
            f"falls without limit at large u along [{along}]; take points at larger amplitudes, "
            "or another order"
        )
    try:
        _ = potential.amplitude
    except ConfigError:
        return "has no minimum along the axis; take points on both sides of it"
    return ""


def _curvatures(curvature, crystal):
    """Notes where the paths' curvature is not that of the force constants.

    raises : ConfigError where it is that of something else
    """
    ratio = curvature / crystal
    said = (
        f"at u = 0 the paths have the curvature {curvature:.4g} eV/Å², the force constants on the "
        f"mode {crystal:.4g}"
    )
    if not 1 / _ANOTHER < ratio < _ANOTHER:
        raise ConfigError(
            f"{KEY}: {said}; energies in Ry, Ha or meV in place of eV make a factor of 13.6, 27.2 "
            "or 1000 of that, those of N cells one of N"
        )
    off = max(ratio, 1 / ratio) > _STIFFER
    return [Note(f"cubic well: {said}", loud=off)]
