"""The plotted quantities: which variable, which unit, which symmetry, which values."""

from dataclasses import dataclass, replace

import numpy as np

from ferronhall.model.mirrors import Mirrors
from ferronhall.model.observables import OBSERVABLES
from ferronhall.model.response_maps import RESPONSE_MAPS
from ferronhall.results.display_units import FAMILIES, Unit, display_unit, robust_limit


@dataclass(frozen=True)
class Map:
    """One observable over the slab, in its display unit.

    name : str
        Key of the scalars `edge_<name>` and the like in ensemble.nc.
    label, symbol : str
        Mathtext without dollars, and plain ASCII.
    x, y : ndarray, shapes (nx,), (ny,), cells from the hot band's centre and the slab's middle
    values, stderr : ndarray, shape (nx, ny), in `unit`; stderr None for a noise-free map
    accumulates : bool
        Whether the symmetry lets its edge accumulation differ from zero.
    positive : bool
        Every value above zero, so that a diverging colour scale would waste half its range.
    """

    name: str
    label: str
    symbol: str
    unit: Unit
    x: np.ndarray
    y: np.ndarray
    values: np.ndarray
    stderr: np.ndarray | None
    accumulates: bool
    positive: bool

    @property
    def axis_label(self):
        """Label with unit, for an axis or a colour bar."""
        return f"${self.label}$ ({self.unit.label})"

    @property
    def header(self):
        """Column header of the CSV."""
        return f"{self.symbol} ({self.unit.ascii})"

    @property
    def stderr_header(self):
        """Column header of the standard error."""
        return f"{self.symbol} stderr ({self.unit.ascii})"

    def columns(self):
        """Tidy columns of the map, x outermost, for the CSV."""
        errors = {} if self.stderr is None else {self.stderr_header: self.stderr}
        return {
            "x (cells)": np.repeat(self.x, self.y.size),
            "y (cells)": np.tile(self.y, self.x.size),
            self.header: self.values,
            **errors,
        }


def zero_field(ensemble, observable, suffix=""):
    """Map of an observable without field: kinetic_energy, polarization or angular_momentum.

    ensemble : Dataset
        Content of ensemble.nc or theory.nc.
    suffix : str
        "_folded" for the map folded by the mirrors; of the theory "_harmonic".
    """
    at_zero = ensemble.isel(field=int(np.flatnonzero(ensemble["field"].values == 0)[0]))
    response = RESPONSE_MAPS[f"{observable}_zero"]
    return _response(response, ensemble, at_zero, f"{observable}{suffix}")


def field_odd(ensemble, observable, suffix=""):
    """Map of Δ_B X = [X(+Ω_B) − X(−Ω_B)]/2; `ensemble` and `suffix` as in zero_field."""
    response = RESPONSE_MAPS[f"delta_{observable}"]
    return _response(response, ensemble, ensemble, f"{response.key}{suffix}")


def temperature(found, odd):
    """Map of T(x, y) of the bath without field, or of its field-odd part.

    found : Dataset
        Content of self_consistent.nc.
    """
    return _build(
        found,
        found if odd else found.sel(field=0),
        "delta_temperature" if odd else "temperature",
        name="delta_temperature" if odd else "temperature_zero",
        label=r"\Delta_B T" if odd else "T",
        symbol="Delta_B T" if odd else "T",
        dataset_unit=1.0,
        family="K",
        accumulates=False,
    )


def _response(response, ensemble, chosen, variable):
    family, dataset_unit = FAMILIES.get(response.unit, (response.unit, 1.0))
    observable = OBSERVABLES[response.observable]
    label, symbol = (r"\Delta_B ", "Delta_B ") if response.delta else ("", "")
    return _build(
        ensemble,
        chosen,
        variable,
        name=response.key,
        label=label + observable.in_figures,
        symbol=symbol + observable.symbol,
        dataset_unit=dataset_unit,
        family=family,
        accumulates=response.accumulates(Mirrors.of_dataset(ensemble)),
    )


def second_order(bonds, part, variable):
    """Map of the second-order polarization, or of its bilinear where no bond charge is known.

    bonds : Dataset
        Content of bond_polarization.nc, one approximation of it for the theory's.
    part : "field_odd" or "zero_field"
    variable : "bilinear", "bilinear_folded" or "bilinear_theory"
    """
    odd, known = part == "field_odd", "polarization_per_bilinear" in bonds.attrs
    names = [name for name in (variable, f"{variable}_stderr") if name in bonds]
    factor = bonds.attrs["polarization_per_bilinear"] if known else 1.0
    chosen = bonds[names].sel(part=part) * factor
    if len(names) > 1:
        # a negative charge turns the maps round, not their errors
        chosen[names[1]] = abs(chosen[names[1]])
    label, symbol = ("P^{(2)}", "P2") if known else (r"\langle uu\rangle", "bilinear")
    return _build(
        bonds,
        chosen,
        variable,
        name=f"{part}_{variable}",
        label=rf"\Delta_B {label}" if odd else label,
        symbol=f"Delta_B {symbol}" if odd else symbol,
        dataset_unit=1.0,
        family="C/m²" if known else "Å²",
        accumulates=False,
    )


def leading(predicted, measured):
    """The Map that sets unit and colour scale of both: the prediction, unless that vanishes."""
    return predicted if predicted.values.any() else measured


def together(predicted, measured):
    """A prediction and what was measured, both in the unit of the leading one."""
    other = leading(predicted, measured)
    return in_unit_of(predicted, other), in_unit_of(measured, other)


def in_unit_of(field, other):
    """A Map in the unit of another one."""
    factor = field.unit.size / other.unit.size
    stderr = None if field.stderr is None else field.stderr * factor
    return replace(field, unit=other.unit, values=field.values * factor, stderr=stderr)


def _build(ensemble, chosen, variable, name, label, symbol, dataset_unit, family, accumulates):
    values = np.asarray(chosen[variable].transpose("x", "y").values, float)
    error = chosen.get(f"{variable}_stderr")
    stderr = None if error is None else np.asarray(error.transpose("x", "y").values, float)
    limit = robust_limit(values)
    unit = display_unit(limit, family, dataset_unit)
    return Map(
        name=name,
        label=label,
        symbol=symbol,
        unit=unit,
        x=np.asarray(ensemble["x"].values, float),
        y=np.asarray(ensemble["y"].values, float),
        values=values / unit.size,
        stderr=None if stderr is None else stderr / unit.size,
        accumulates=accumulates,
        positive=bool(values.min() > 0),
    )
