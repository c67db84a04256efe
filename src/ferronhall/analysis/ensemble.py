"""From trajectories to maps with errors: means, field-odd parts, symmetry folding.

Errors are standard errors of the mean over replicas, whose trajectories are independent. Where
these are few, their time blocks stand in for them (see samples).
"""

import xarray as xr

from ferronhall.analysis.equilibration import block_correlation, drift
from ferronhall.analysis.estimates import mean_and_error
from ferronhall.analysis.samples import read_samples
from ferronhall.base import provenance
from ferronhall.model.map_algebra import fold
from ferronhall.model.members import FIELD_SIGNS
from ferronhall.model.observables import OBSERVABLES
from ferronhall.model.response_maps import of_observable


def ensemble_dataset(model, config, trajectories, control=None):
    """Maps with errors of a whole campaign (ensemble.nc).

    config : dict, the ensemble's part of the configuration
    trajectories : dict "minus"/"zero"/"plus" → list of paths
    control : ControlVariate, for a campaign with harmonic twins
    """
    cells = model.cells
    samples = read_samples(trajectories, cells, control)
    variables = {}
    for name, observable in OBSERVABLES.items():
        maps = samples.maps[name]
        folded = fold(maps, observable.mirror_parity, model.mirrors)
        for key, values, label in (
            (name, maps, observable.label),
            (f"{name}_folded", folded, f"{observable.label}, folded"),
        ):
            dims = ("field", "x", "y")
            variables |= _estimate(key, dims, values, observable.unit, label, samples.kind)
        for response in of_observable(name):
            variables |= _response(response, samples, folded, cells)
    signs = list(FIELD_SIGNS.values())
    return xr.Dataset(
        variables,
        coords={
            "field": signs,
            "omega_B": ("field", [model.field.at(s).omega_B for s in signs], {"units": "rad/ps"}),
            **cells.coordinates,
            "side": ["left", "right"],
        },
        attrs={
            **provenance.attributes(config),
            **samples.attributes,
            **model.mirrors.attributes,
            "control_variate": "harmonic twin" if control else "none",
        },
    )


def _estimate(name, dims, values, unit, label, kind):
    """A mean over samples and its standard error, as variables of a dataset."""
    mean, error = mean_and_error(values)
    of_error = {"units": unit, "long_name": f"standard error over {kind}: {label}"}
    return {
        name: (dims, mean, {"units": unit, "long_name": label}),
        f"{name}_stderr": (dims, error, of_error),
    }


def _response(response, samples, folded, cells):
    """A field-odd part and its folded map, and of either kind of map cuts and edge accumulation."""
    key, unit, label, kind = response.key, response.unit, response.label, samples.kind
    values = response.take(samples.maps[response.observable])
    found = {}
    if response.delta:
        kept = response.take(folded)
        found |= _estimate(key, ("x", "y"), values, unit, label, kind)
        found |= _estimate(f"{key}_folded", ("x", "y"), kept, unit, f"{label}, folded", kind)
    cuts, along = cells.flank_cuts(values), f"along y over the flank columns: {label}"
    found |= _estimate(f"cut_{key}", ("side", "y"), cuts, unit, along, kind)
    edge, of_edge = cells.edge_accumulation(values), f"edge accumulation of {label}"
    found |= _estimate(f"edge_{key}", (), edge, unit, of_edge, kind)
    # (replica, field, block) as maps of one layer
    blocks = response.take(samples.edge_blocks[response.observable][..., None])[..., 0]
    for check, value, meaning in (
        ("block_correlation", block_correlation(blocks), "correlation of a block and the next"),
        ("drift", drift(blocks), "second half less first half, in standard errors"),
    ):
        attrs = {"units": "1", "long_name": f"{meaning}: {of_edge}"}
        found[f"edge_{key}_{check}"] = ((), value, attrs)
    return found
