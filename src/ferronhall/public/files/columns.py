"""The maps of a dataset one by one: each (nx, ny[, nz]), with a name of its own and a unit."""

from collections.abc import Iterator
from itertools import product

import numpy as np
import xarray as xr

__all__ = ["columns"]

_FIELDS = {-1: "minus", 0: "zero", 1: "plus"}


def columns(dataset: xr.Dataset) -> Iterator[tuple[str, np.ndarray, str]]:
    """Name, values and unit of each map.

    yields : name, the variable's with what it has beyond x, y, z behind a dot, as in
        kinetic_energy.plus; ndarray, shape (nx, ny) or (nx, ny, nz), with one axis more in front
        for a vector's three components; unit
    """
    for key, variable in dataset.data_vars.items():
        if not {"x", "y"} <= set(variable.dims) or variable.dtype.kind not in "fiub":
            continue
        space = [d for d in ("x", "y", "z") if d in variable.dims]
        vector = ["component"] if "component" in variable.dims else []
        beyond = [d for d in variable.dims if d not in (*space, *vector)]
        ordered = variable.transpose(*beyond, *vector, *space)
        unit = str(variable.attrs.get("units", "1"))
        for place in product(*(range(variable.sizes[d]) for d in beyond)):
            labels = [_label(variable, d, n) for d, n in zip(beyond, place, strict=True)]
            yield ".".join([str(key), *labels]), np.asarray(ordered.values[place], float), unit


def _label(variable: xr.DataArray, dim: object, number: int) -> str:
    if dim not in variable.coords:
        return str(number)
    value = variable[dim].values[number]
    return _FIELDS[int(value)] if dim == "field" else f"{value}"
