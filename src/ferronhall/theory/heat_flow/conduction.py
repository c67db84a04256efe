"""Heat conduction between two contacts: κ_xx, jumps at the contacts, the thermal Hall angle."""

from dataclasses import dataclass

import numpy as np

from ferronhall.base import units

TO_SI = units.ELECTRONVOLT / units.PICOSECOND / units.ANGSTROM
"""W/(m K) in one eV/(ps Å K)."""


READ_OFF = {
    "gradient": ("K", "temperature gradient per cell in the middle of the arms"),
    "jump_hot": ("K", "temperature jump at the hot contact"),
    "jump_cold": ("K", "temperature jump at the cold contact"),
    "heat": ("eV/ps", "heat through one arm"),
    "conductivity": ("W/(m K)", "heat conductivity along x"),
}
"""Numbers of a Conduction with unit and name."""


@dataclass(frozen=True)
class Conduction:
    """What a laboratory measures on a Balance.

    gradient : float, K/cell
        |dT/dx| of the mean over the layers, in the middle half of the arms.
    jump_hot, jump_cold : float, K
        By which that line misses each contact's temperature at its edge.
    heat : float, eV/ps
        Through one arm.
    conductivity : float, W/(m K)
        κ_xx = heat over the arm's cross-section and the gradient.
    """

    gradient: float
    jump_hot: float
    jump_cold: float
    heat: float
    conductivity: float


def conduction(found, model, contacts):
    """Conduction of a Balance."""
    slab, a = model.slab, model.material.lattice_constant
    x, middle = np.abs(slab.x), middle_of_arms(slab, contacts)
    slope, start = np.polyfit(x[middle], found.temperature[middle].mean(axis=1), 1)
    hot = x[contacts.hot_columns(slab)].max() + 0.5
    cold = x[contacts.cold_columns(slab)].min() - 0.5
    heat = found.power[contacts.hot_columns(slab)].sum() * slab.nz / 2
    flux = heat / (slab.ny * slab.nz * a**2)
    conductivity = TO_SI * flux * a / -slope if slope else np.nan
    jumps = contacts.hot - (start + slope * hot), start + slope * cold - contacts.cold
    return Conduction(-slope, *jumps, heat, conductivity)


def middle_of_arms(slab, contacts):
    """Columns of the middle half of either arm, at least two of each, bool, shape (nx,)."""
    x, between = np.abs(slab.x), contacts.between(slab)
    first, last = x[between].min(), x[between].max()
    # of three columns half would be a single one, through which no line goes
    inset = (last - first) / 4 if last - first > 2.5 else 0.0
    return between & (x >= first + inset - 1e-9) & (x <= last - inset + 1e-9)


def transverse_gradient(odd, slab, contacts):
    """dT/dy (K/cell) of the arm at x > 0 of a map that changes sign with x, in its middle half.

    odd : ndarray, shape (nx, ny), K
        The field-odd part of T(x, y), for instance.
    """
    middle = middle_of_arms(slab, contacts)
    along = (np.sign(slab.x[middle]) @ odd[middle]) / np.count_nonzero(middle)
    return np.polyfit(slab.y, along, 1)[0]
