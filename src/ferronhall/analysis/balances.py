"""The balances of a campaign: every term as maps with errors, and whether the balances close."""

import numpy as np
import xarray as xr

from ferronhall.analysis.balance_terms import RESIDUALS, TERMS, balance_terms, term_parity
from ferronhall.analysis.estimates import RunningEstimate, quotient
from ferronhall.analysis.samples import counts, joined, read_replicas
from ferronhall.analysis.standing_walls import with_walls_in_place
from ferronhall.base import provenance, units
from ferronhall.base.errors import DataFileError
from ferronhall.engine.balance_variables import CELLS, DIM, PREFIX, UNITS
from ferronhall.model.map_algebra import field_odd, fold
from ferronhall.model.members import FIELD_SIGNS

PARTS = ("minus", "zero", "plus", "field_odd")

SHIFTS = ("polarization_fluctuation", "polarization_kinetic")
"""What the field-odd polarization is set against: Eq. S55 and S58."""

_ENOUGH_REPLICAS = 16
"""Slopes are taken over replicas from so many on, over blocks of fewer."""

_DELTA = {"C/m^2": (units.MICRO, "uC/m^2")}


def balances_dataset(model, config, trajectories):
    """Terms and residuals with errors, field-odd and folded parts (balances.nc).

    trajectories : dict "minus"/"zero"/"plus" → list of paths, replicas in one order
    raises : DataFileError when the trajectories do not belong together or hold no moments
    """
    cells, mirrors = model.cells, model.mirrors
    maps, shifts, slab = {}, [], {}
    trajectories, _ = with_walls_in_place(model, trajectories)
    replicas = len(trajectories["zero"])
    averaged = config["balances"]["blocks_averaged"]
    root_seed = config["ensemble"]["root_seed"]
    uneven = model.disorder is not None
    for moments, follows in sampled_moments(trajectories, averaged, root_seed, uneven):
        terms = balance_terms(moments, model)
        for name, values in terms.items():
            folded = fold(values, term_parity(name, mirrors), mirrors)
            odd, odd_folded = field_odd(values), field_odd(folded)
            parts = {
                name: values,
                f"{name}_folded": folded,
                f"delta_{name}": odd,
                f"delta_{name}_folded": odd_folded,
                f"cut_{name}": cells.flank_cuts(folded[1])[1],
                f"cut_delta_{name}": cells.flank_cuts(odd_folded)[1],
            }
            for key, part in parts.items():
                maps.setdefault(key, RunningEstimate()).add(part, follows)
            if name in RESIDUALS:
                means = np.array([*values.mean(axis=(1, 2)), odd.mean()])
                slab.setdefault(name, RunningEstimate()).add(means, follows)
        shift = _odd_shifts(terms, mirrors)
        if follows and replicas >= _ENOUGH_REPLICAS:
            shifts[-1] = shifts[-1] + shift
        else:
            shifts.append(shift)
    count = maps["power_bath"].count
    variables = {}
    for name, (unit, _, label) in TERMS.items():
        scale, odd_unit = _DELTA.get(unit, (1.0, unit))
        layouts = {
            name: (("field", "x", "y"), 1.0, unit, label),
            f"{name}_folded": (("field", "x", "y"), 1.0, unit, f"{label}, folded"),
            f"delta_{name}": (("x", "y"), scale, odd_unit, f"field-odd {label}"),
            f"delta_{name}_folded": (("x", "y"), scale, odd_unit, f"field-odd {label}, folded"),
            f"cut_{name}": (("y",), 1.0, unit, f"{label} at zero field over the flank x > 0"),
            f"cut_delta_{name}": (("y",), scale, odd_unit, f"field-odd {label}, flank x > 0"),
        }
        for key, (dims, factor, units_, what) in layouts.items():
            attrs = {"units": units_, "long_name": what}
            error = {"units": units_, "long_name": f"standard error: {what}"}
            variables[key] = (dims, factor * maps[key].mean, attrs)
            variables[f"{key}_stderr"] = (dims, factor * maps[key].stderr, error)
    return xr.Dataset(
        variables | _closure(maps, slab) | _slopes(np.array(shifts)),
        coords={
            "field": list(FIELD_SIGNS.values()),
            **cells.coordinates,
            "residual": list(RESIDUALS),
            "part": list(PARTS),
            "shift": list(SHIFTS),
        },
        attrs={
            **provenance.attributes(config),
            **counts(replicas, count, uneven),
            **mirrors.attributes,
            "expected_chi_squared": (count - 1) / (count - 3) if count > 3 else np.nan,
        },
    )


def sampled_moments(trajectories, averaged, root_seed, realisations=False):
    """Yield the mean moments of each block, and whether it follows the one before it.

    averaged : int
        Blocks of a trajectory in a block of the balances.
    root_seed : int
        The campaign's.
    realisations : bool
        Whether the replicas are crystals of their own: each is then one sample.
    yields : dict of moment → ndarray, shape (field, nx, ny), fields ordered −Ω_B, 0, +Ω_B; bool.
        The polarization is that of the trajectories' own blocks, over the same time.
    """
    for datasets in read_replicas(trajectories, root_seed):
        values = moments_of(datasets)
        polarization = np.array([d["polarization"].values for d in datasets], float)
        values["polarization"] = joined(polarization, averaged)
        if realisations:
            values = {name: value.mean(axis=1, keepdims=True) for name, value in values.items()}
        for block in range(values["polarization"].shape[1]):
            yield {name: value[:, block] for name, value in values.items()}, block > 0


def moments_of(datasets):
    """The moments of a replica's datasets at the three fields, each (field, block, nx, ny)."""
    if not all(DIM in dataset.dims for dataset in datasets):
        raise DataFileError(
            f"replica {datasets[0].attrs['replica']}: its trajectories sampled no balances; "
            "set balances.enabled: true and run again"
        )
    found = {name: np.array([d[PREFIX + name].values for d in datasets], float) for name in UNITS}
    for name in (n for n in CELLS if n in datasets[0]):
        shape = found["onsite_power"].shape[1:]
        found[name] = np.array([np.broadcast_to(d[name].values, shape) for d in datasets])
    return found


def _closure(maps, slab):
    """χ² a cell of each residual, and its mean over the slab in standard errors."""
    table = {"chi_squared": [], "chi_squared_folded": [], "slab_mean": []}
    for name in RESIDUALS:
        for suffix in ("", "_folded"):
            fields = maps[f"{name}{suffix}"]
            odd = maps[f"delta_{name}{suffix}"]
            parts = [*zip(fields.mean, fields.stderr, strict=True), (odd.mean, odd.stderr)]
            table[f"chi_squared{suffix}"].append([chi_squared(*part) for part in parts])
        table["slab_mean"].append(quotient(slab[name].mean, slab[name].stderr))
    labels = {
        "chi_squared": "mean over the cells of (residual over its standard error) squared",
        "chi_squared_folded": "the same of the folded residual",
        "slab_mean": "mean residual of the slab in its standard errors",
    }
    return {
        name: (("residual", "part"), np.array(rows), {"units": "1", "long_name": labels[name]})
        for name, rows in table.items()
    }


def chi_squared(mean, stderr):
    """Mean of (mean/stderr)² over the cells whose mean symmetry does not set to zero.

    NaN where no cell has an error, as with a single sample.
    """
    free = stderr > 0
    return np.mean((mean[free] / stderr[free]) ** 2) if free.any() else np.nan


def _odd_shifts(terms, mirrors):
    """Folded field-odd polarization, then what SHIFTS expect of it, shape (3, nx, ny)."""
    names = ("polarization", *SHIFTS)
    return np.array([field_odd(fold(terms[n], term_parity(n, mirrors), mirrors)) for n in names])


def _slopes(shifts):
    found, *expected = shifts.swapaxes(0, 1)
    slopes = np.array([slope(e, found) for e in expected]).T
    label = "slope of the field-odd polarization against its expected shift"
    names = {"slope": label, "slope_stderr": f"standard error (jackknife): {label}"}
    return {
        name: (("shift",), values, {"units": "1", "long_name": what})
        for (name, what), values in zip(names.items(), slopes, strict=True)
    }


def slope(expected, found):
    """Slope through the origin of `found` against `expected`, with its standard error.

    expected, found : ndarray, shape (sample, ...)
        Maps with noise, which the two may share.
    returns : two floats, NaN for fewer than three samples and for maps that are zero

    Cells weigh by the error of `found`. Only products of different samples enter: their noise is
    independent, so it neither flattens the slope nor feigns one.
    """
    count = len(expected)
    if count < 3 or not found.any():
        return np.nan, np.nan
    spread = found.std(axis=0)
    weight = np.divide(1, spread, out=np.zeros_like(spread), where=spread > 0)
    rows = (expected * weight).reshape(count, -1)
    products = []
    for other in (found, expected):
        gram = rows @ (other * weight).reshape(count, -1).T
        np.fill_diagonal(gram, 0)
        without = gram.sum() - gram.sum(axis=0) - gram.sum(axis=1)
        products.append((gram.sum(), without))
    (above, above_without), (below, below_without) = products
    left_out = above_without / below_without
    error = np.sqrt((count - 1) / count * np.sum((left_out - left_out.mean()) ** 2))
    return above / below, error
