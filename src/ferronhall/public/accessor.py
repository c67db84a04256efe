"""What every dataset of a campaign can be asked, as ds.ferron: with units that are set anew."""

import json
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from ferronhall.model import map_algebra
from ferronhall.model.cells import Cells
from ferronhall.model.geometry import HotBand, Slab, edges
from ferronhall.model.response_maps import RESPONSE_MAPS
from ferronhall.public.settings import EDGE, FLANK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ERROR", "FerronAccessor"]

ERROR = "_stderr"
"""Suffix of a standard error."""


@xr.register_dataset_accessor("ferron")
class FerronAccessor:
    """ds.ferron of an xarray Dataset with maps over (x, y), opened by fh.open or by xarray alone.

    >>> import ferronhall as fh
    >>> ensemble = fh.open("results/demo").ensemble
    >>> ensemble.ferron.cut(y=0).delta_polarization.dims
    ('x',)
    """

    def __init__(self, dataset: xr.Dataset) -> None:
        self._dataset = dataset

    @property
    def cells(self) -> Cells:
        """Coordinates of the cells, with flanks and edges that are recorded, or follow from a
        recorded configuration.
        """
        attrs = self._dataset.attrs
        if {FLANK, EDGE} <= set(attrs):
            x, y = (self._dataset[axis].values for axis in ("x", "y"))
            return Cells(x, y, np.asarray(attrs[FLANK], bool), np.asarray(attrs[EDGE], bool))
        config = json.loads(self._dataset.attrs.get("config", "{}"))
        if not {"lattice", "temperature"} <= set(config):
            raise ValueError(
                "this dataset does not record a lattice and a temperature, so nothing tells where "
                "its hot band's flanks are; take one that the campaign wrote"
            )
        slab = Slab.from_config(config)
        return Cells(slab.x, slab.y, HotBand.from_config(config).flanks(slab), edges(slab))

    @property
    def maps(self) -> list[str]:
        """Names of the variables over (x, y), without those that are standard errors."""
        return [
            str(name)
            for name, variable in self._dataset.data_vars.items()
            if {"x", "y"} <= set(variable.dims) and not str(name).endswith(ERROR)
        ]

    def delta(self) -> xr.Dataset:
        """Field-odd parts Δ_B X = [X(+Ω_B) − X(−Ω_B)]/2 of every map at the three fields.

        returns : Dataset of delta_<name>. What the campaign stored is taken, with its standard
            error; the errors of X at either field do not tell it, as the fields share their noise.

        >>> import ferronhall as fh
        >>> odd = fh.open("results/demo").timestep.ferron.delta()
        >>> odd.delta_angular_momentum_bias.dims
        ('substep', 'x', 'y')
        """
        found: dict[str, xr.DataArray] = {}
        for name in self.maps:
            variable, key = self._dataset[name], f"delta_{name}"
            if "field" not in variable.dims:
                continue
            stored = [k for k in (key, key + ERROR) if k in self._dataset]
            if stored:
                found |= {k: self._dataset[k] for k in stored}
                continue
            ordered = variable.sortby("field").transpose(..., "field", "x", "y")
            dims = [d for d in ordered.dims if d != "field"]
            attrs = _attributes(variable, f"field-odd {_label(variable)}")
            found[key] = xr.DataArray(
                map_algebra.field_odd(ordered.values),
                dims=dims,
                coords={d: variable[d] for d in dims if d in variable.coords},
                attrs=attrs,
            )
        return xr.Dataset(found, attrs=self._dataset.attrs)

    def edge_accumulation(self) -> xr.Dataset:
        """Mean of sign(x) sign(y) X over the outermost two layers and the flanks of the hot band.

        returns : Dataset with a number for each map over (x, y), in its unit. Those of the six
            response maps (delta_polarization, angular_momentum_zero, …) come with their standard
            errors where the campaign stored them; the errors of single cells do not tell others.

        >>> import ferronhall as fh
        >>> edges = fh.open("results/demo").ensemble.ferron.edge_accumulation()
        >>> edges.delta_polarization.units, edges.delta_polarization_stderr.units
        ('uC/m^2', 'uC/m^2')
        """
        cells = self.cells
        found: dict[str, xr.DataArray] = {}
        for name in self.maps:
            variable = self._dataset[name].transpose(..., "x", "y")
            found[name] = xr.DataArray(
                cells.edge_accumulation(variable.values),
                dims=variable.dims[:-2],
                coords={d: variable[d] for d in variable.dims[:-2] if d in variable.coords},
                attrs=_attributes(variable, f"edge accumulation of {_label(variable)}"),
            )
        for key in RESPONSE_MAPS:
            for suffix in ("", ERROR):
                if f"edge_{key}{suffix}" in self._dataset:
                    found[key + suffix] = self._dataset[f"edge_{key}{suffix}"]
        return xr.Dataset(found, attrs=self._dataset.attrs)

    def cut(self, *, x: float | None = None, y: float | None = None) -> xr.Dataset:
        """Every map along a line of cells, the one nearest to a coordinate.

        x, y : cells from the hot band's centre, or from the slab's; one of them

        >>> import ferronhall as fh
        >>> cut = fh.open("results/demo").theory.ferron.cut(x=2)
        >>> float(cut.x), cut.delta_polarization.dims, cut.delta_polarization.units
        (2.0, ('y',), 'uC/m^2')
        """
        if (x is None) == (y is None):
            raise ValueError("cut: give x for a line along y, or y for one along x; one of the two")
        axis, at = ("x", x) if x is not None else ("y", y)
        places = self._dataset[axis].values
        if not places.min() - 0.5 <= at <= places.max() + 0.5:
            raise ValueError(
                f"cut: {axis} = {at:g} is outside the slab, whose cells reach from "
                f"{places.min():g} to {places.max():g}"
            )
        names = [name for name, v in self._dataset.data_vars.items() if {"x", "y"} <= set(v.dims)]
        return self._dataset[names].sel({axis: at}, method="nearest")

    def plot(self, name: str, field: int = 0, axes: "Axes | None" = None) -> "Figure":
        """A map as the figures show it: cells within their error pale.

        name : a variable over (x, y), alone or at the three fields
        field : −1, 0 or 1, of a variable at the three fields
        axes : where to draw; a figure of its own without

        >>> import ferronhall as fh
        >>> figure = fh.open("results/demo").ensemble.ferron.plot("delta_polarization")
        >>> figure.axes[0].get_xlabel()
        '$x$ (cells)'
        """
        if name not in self.maps:
            raise ValueError(f"plot: '{name}' is no map; choose one of {', '.join(self.maps)}")
        shown, error = (self._at(key, field) for key in (name, name + ERROR))
        assert shown is not None
        if shown.ndim != 2:
            extra = ", ".join(str(d) for d in shown.dims if d not in ("x", "y"))
            raise ValueError(
                f"plot: '{name}' has the dimension {extra} too; choose one of it, as in "
                f"ds.isel({extra.split(', ')[0]}=0).ferron.plot('{name}')"
            )
        # matplotlib doubles the time that the library takes to load
        from ferronhall.public import picture

        return picture.draw(name, shown, error, axes)

    def _at(self, name: str, field: int) -> xr.DataArray | None:
        if name not in self._dataset:
            return None
        found = self._dataset[name]
        return found.sel(field=field) if "field" in found.dims else found


def _label(variable: xr.DataArray) -> str:
    return str(variable.attrs.get("long_name", variable.name))


def _attributes(variable: xr.DataArray, label: str) -> dict[str, str]:
    """Attributes of something in the unit of a variable."""
    return {"units": str(variable.attrs.get("units", "1")), "long_name": label}
