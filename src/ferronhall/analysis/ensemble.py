"""From trajectories to maps with errors: means, field-odd parts, symmetry folding.

Errors are standard errors over the time blocks of all replicas, corrected for what a block
remembers of the one before it (see estimates); of an uneven crystal, whose replicas have cells of
their own, over the replicas.
"""

import numpy as np
import xarray as xr

from ferronhall.analysis.control_variate import KNOWN
from ferronhall.analysis.equilibration import block_correlation, drift
from ferronhall.analysis.samples import read_samples
from ferronhall.analysis.standing_walls import with_walls_in_place
from ferronhall.base import provenance
from ferronhall.model.map_algebra import fold
from ferronhall.model.members import FIELD_SIGNS
from ferronhall.model.observables import OBSERVABLES
from ferronhall.model.response_maps import RESPONSE_MAPS, of_observable

REALISATIONS = "over replicas, each a crystal of its own"
"""What errors are over where cells differ, see model.disorder."""


def ensemble_dataset(model, config, trajectories, control=None):
    """Maps with errors of a whole campaign (ensemble.nc).

    config : dict, the ensemble's part of the configuration
    trajectories : dict "minus"/"zero"/"plus" → list of paths
    control : ControlVariate, for a campaign with harmonic twins
    """
    cells = model.cells
    trajectories, moved = with_walls_in_place(model, trajectories)
    seed, uneven = config["ensemble"]["root_seed"], model.disorder is not None
    along = along_domains if model.by_cell else None
    samples = read_samples(trajectories, control, along, root_seed=seed, realisations=uneven)
    variables = {}
    for name, observable in OBSERVABLES.items():
        maps = samples.maps[name]
        folded = fold(maps, observable.parity(model.mirrors), model.mirrors)
        for key, values, label in (
            (name, maps, observable.label),
            (f"{name}_folded", folded, f"{observable.label}, folded"),
        ):
            dims = ("field", "x", "y")
            variables |= _estimate(samples, key, dims, values, observable.unit, label)
        for response in of_observable(name):
            variables |= _response(response, samples, folded, cells)
    if model.by_cell:
        variables |= _domain_polarization(samples, cells, model.mirrors)
    signs = list(FIELD_SIGNS.values())
    left = [name for name in OBSERVABLES if name not in KNOWN] if control else []
    return xr.Dataset(
        variables,
        coords={
            "field": signs,
            "omega_B": ("field", [model.field.at(s).omega_B for s in signs], {"units": "rad/ps"}),
            **cells.coordinates,
            **cells.domain_coordinates,
            "side": ["left", "right"],
        },
        attrs={
            **provenance.attributes(config),
            **samples.attributes,
            **model.mirrors.attributes,
            **({"replicas_with_moved_walls": np.array(moved)} if moved else {}),
            **({"errors": REALISATIONS} if uneven else {}),
            "control_variate": "harmonic twin" if control else "none",
            "time_step_bias": "harmonic part taken off" if control else "not taken off",
            **({"time_step_bias_left": ", ".join(left)} if left else {}),
        },
    )


def along_domains(datasets):
    """P along the domains of a replica's three datasets, as samples.read_samples takes it."""
    name = "domain_polarization"
    return {name: np.array([dataset[name].values for dataset in datasets])}


def _domain_polarization(samples, cells, mirrors):
    """Means and field-odd part of P along the domain of every cell, folded, and its accumulation.

    Reversing u as a whole leaves it as it is, so that its parity is that of |P|.
    """
    response, name = RESPONSE_MAPS["delta_polarization"], "domain_polarization"
    label = "polarization along the domain of every cell"
    parity = OBSERVABLES["polarization"].mirror_parity
    folded = fold(samples.others[name], parity, mirrors)
    odd = response.take(folded)
    cuts, of_cut = cells.flank_cuts(odd), f"along y over the flank columns: field-odd {label}"
    edge, of_edge = cells.edge_accumulation(odd), f"edge accumulation of field-odd {label}"
    return {
        **_estimate(samples, name, ("field", "x", "y"), folded, "C/m^2", label),
        **_estimate(samples, f"delta_{name}", ("x", "y"), odd, response.unit, f"field-odd {label}"),
        **_estimate(samples, f"cut_delta_{name}", ("side", "y"), cuts, response.unit, of_cut),
        **_estimate(samples, f"edge_delta_{name}", (), edge, response.unit, of_edge),
    }


def _estimate(samples, name, dims, values, unit, label):
    """A mean over samples and its standard error, as variables of a dataset."""
    found = samples.estimate(values)
    of_error = {
        "units": unit,
        "long_name": f"standard error: {label}",
        "degrees_of_freedom": found.freedom,
    }
    return {
        name: (dims, found.mean, {"units": unit, "long_name": label}),
        f"{name}_stderr": (dims, found.error, of_error),
    }


def _response(response, samples, folded, cells):
    """A field-odd part and its folded map, and of either kind of map cuts and edge accumulation."""
    key, unit, label = response.key, response.unit, response.label
    values = response.take(samples.maps[response.observable])
    found = {}

    def put(*content):
        found.update(_estimate(samples, *content))

    if response.delta:
        put(key, ("x", "y"), values, unit, label)
        put(f"{key}_folded", ("x", "y"), response.take(folded), unit, f"{label}, folded")
    along = f"along y over the flank columns: {label}"
    put(f"cut_{key}", ("side", "y"), cells.flank_cuts(values), unit, along)
    edge, of_edge = cells.edge_accumulation(values), f"edge accumulation of {label}"
    put(f"edge_{key}", (), edge, unit, of_edge)
    if cells.walls:
        of_ends = f"accumulation at the ends of domains of {label}"
        put(f"end_{key}", ("domain", "end"), cells.end_accumulation(values), unit, of_ends)
    series = samples.series(edge)
    for check, value, meaning in (
        ("block_correlation", block_correlation(series), "correlation of a block and the next"),
        ("drift", drift(series), "second half less first half, in standard errors"),
    ):
        attrs = {"units": "1", "long_name": f"{meaning}: {of_edge}"}
        found[f"edge_{key}_{check}"] = ((), value, attrs)
    return found
