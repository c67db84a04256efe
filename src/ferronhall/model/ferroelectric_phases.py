"""Where a cubic on-site potential has its minima: the ferroelectric phases of a uniform crystal."""

from dataclasses import dataclass

import numpy as np

NAMES = {1: "tetragonal", 2: "orthorhombic", 3: "rhombohedral"}
"""By how many components of P do not vanish, all of one size; monoclinic where a strain makes them
unequal."""

_STARTS = {"x": (1, 0, 0), "y": (0, 1, 0), "xy": (1, 1, 0), "yz": (0, 1, 1), "xyz": (1, 1, 1)}

_GONE = 1e-3
"""Part of the largest component below which one is none."""


@dataclass(frozen=True)
class Phase:
    """A state of a uniform mode at rest.

    name : str
    mode : ndarray, shape (3,), Å
    energy : float, eV
        Per cell, counted from u = 0.
    """

    name: str
    mode: np.ndarray
    energy: float

    @property
    def direction(self):
        """P along it, as [1 1 0]; components that a strain makes unequal with two digits."""
        parts = self.mode / np.abs(self.mode).max()
        return "[" + " ".join(f"{part:.2g}" for part in np.abs(np.round(parts, 2))) + "]"


def tetragonal(onsite):
    """The state along x, whether or not it is a minimum."""
    return _phase(onsite, np.array([onsite.amplitude, 0.0, 0.0]))


def along(onsite, direction):
    """The state at rest with P along a direction that is kept, such as (1, 1, 0).

    returns : Phase; of a direction that no symmetry keeps, its lowest point
    """
    unit = np.array(direction, float) / np.linalg.norm(direction)
    found = _minimize(
        lambda size: onsite.energy(size[0] * unit[:, None]),
        [onsite.amplitude],
        jac=lambda size: [-unit @ onsite.force(size[0] * unit[:, None])[:, 0]],
        method="BFGS",
        options={"gtol": 1e-12},
    )
    return _phase(onsite, found.x[0] * unit)


def lowest(onsite):
    """The deepest minimum that descents from the cubic axes and diagonals reach."""
    found = []
    for start in _STARTS.values():
        # a little off, or a symmetry would keep what is only a saddle
        unit = np.array(start, float) / np.linalg.norm(start) + 0.02 * np.array([0.3, 0.7, 1.0])
        end = _minimize(
            lambda u: onsite.energy(u[:, None]),
            onsite.amplitude * unit,
            jac=lambda u: -onsite.force(u[:, None])[:, 0],
            method="BFGS",
            options={"gtol": 1e-10},
        )
        found.append(_phase(onsite, end.x))
    return min(found, key=lambda phase: phase.energy)


def _phase(onsite, mode):
    sizes = np.abs(mode) / np.abs(mode).max()
    parts = sizes > _GONE
    name = NAMES[int(parts.sum())] if np.all(sizes[parts] > 1 - _GONE) else "monoclinic"
    return Phase(name, np.where(parts, mode, 0.0), onsite.energy(mode[:, None]))


def _minimize(*what, **options):
    # here, as it takes long to import and few who read a model ask for its phases
    from scipy.optimize import minimize

    return minimize(*what, **options)
