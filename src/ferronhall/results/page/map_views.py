"""The numbers of every map that the page can show, cell by cell."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from ferronhall.model.observables import OBSERVABLES
from ferronhall.model.response_maps import RESPONSE_MAPS
from ferronhall.results import display_units
from ferronhall.results.display_units import Unit

FIELDS = {"−Ω_B": -1, "0": 0, "+Ω_B": 1, "Δ_B": None}
"""Label → field of an observable; None stands for the field-odd part."""


@dataclass(frozen=True)
class View:
    """An observable at one field, or its field-odd part.

    label : str
    unit : Unit, that in which figures show the map
    value, error, theory : ndarray, shape (nx, ny), in that unit
        Simulation, its standard error, and the theory (Gaussian closure), NaN where there is none.
    signed : bool
        Whether zero is the middle of its colours.
    """

    label: str
    unit: Unit
    value: np.ndarray
    error: np.ndarray
    theory: np.ndarray
    signed: bool


def views(ensemble, theory):
    """Every View of a campaign by (observable, label of the field).

    ensemble, theory : xarray.Dataset; None without a theory
    """
    if theory is None:
        theory = xr.full_like(ensemble, np.nan)
    return {
        (name, label): _view(ensemble, theory, name, label, field)
        for name in OBSERVABLES
        for label, field in FIELDS.items()
    }


def _view(ensemble, theory, name, label, field):
    delta = field is None
    response = RESPONSE_MAPS[f"delta_{name}" if delta else f"{name}_zero"]
    key = response.key if delta else name
    maps = [ensemble[key], ensemble[f"{key}_stderr"], theory[key]]
    if not delta:
        maps = [each.sel(field=field) for each in maps]
    title = OBSERVABLES[name].symbol if delta else f"{OBSERVABLES[name].symbol} at Ω = {label}"
    values = [each.transpose("x", "y").values for each in maps]
    unit = display_units.of_dataset(response.unit, display_units.robust_limit(values[0]))
    return View(
        response.title if delta else title,
        unit,
        *(each / unit.size for each in values),
        signed=response.odd or delta,
    )
