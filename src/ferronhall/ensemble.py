"""From trajectories to maps with errors: means, field-odd parts, symmetry folding.

Errors are standard errors of the mean over replicas, whose trajectories are independent. With a
single replica the time blocks stand in for them.
"""

import numpy as np
import xarray as xr

from ferronhall.equilibration import block_correlation, drift
from ferronhall.map_algebra import edge_accumulation, field_odd, flank_cuts, fold
from ferronhall.members import FIELD_SIGNS
from ferronhall.observables import OBSERVABLES
from ferronhall.samples import read_samples


def mean_and_error(samples):
    """Mean and standard error over axis 0; the error is NaN for a single sample."""
    count = len(samples)
    mean = samples.mean(axis=0)
    if count < 2:
        return mean, np.full_like(mean, np.nan)
    return mean, samples.std(axis=0, ddof=1) / np.sqrt(count)


def ensemble_dataset(parameters, trajectories, control=None):
    """Maps with errors of a whole campaign (ensemble.nc).

    parameters : Dataset of the parameters stage
    trajectories : dict "minus"/"zero"/"plus" → list of paths
    control : twin.ControlVariate, for a campaign with harmonic twins
    """
    x, y = parameters["x"].values, parameters["y"].values
    masks = (x, y, parameters["flank"].values, parameters["edge"].values)
    samples = read_samples(trajectories, *masks, control)
    variables = {}

    def add(name, dims, values, unit, label):
        mean, error = mean_and_error(values)
        variables[name] = (dims, mean, {"units": unit, "long_name": label})
        variables[f"{name}_stderr"] = (
            dims,
            error,
            {"units": unit, "long_name": f"standard error over {samples.kind}: {label}"},
        )

    for name, observable in OBSERVABLES.items():
        unit, label = observable.unit, observable.label
        maps = samples.maps[name]
        folded = fold(maps, observable.mirror_parity)
        scale, delta_unit = observable.delta_scale, observable.delta_unit
        odd, odd_folded = scale * field_odd(maps), scale * field_odd(folded)
        add(name, ("field", "x", "y"), maps, unit, label)
        add(f"{name}_folded", ("field", "x", "y"), folded, unit, f"{label}, folded")
        add(f"delta_{name}", ("x", "y"), odd, delta_unit, f"field-odd {label}")
        add(
            f"delta_{name}_folded", ("x", "y"), odd_folded, delta_unit, f"field-odd {label}, folded"
        )
        cut, edge = "along y over the flank columns:", "edge accumulation of"
        series = samples.edge_blocks[name]
        odd_series = (series[:, 2] - series[:, 0]) / 2
        parts = (
            (f"{name}_zero", maps[:, 1], series[:, 1], unit, f"{label} at zero field"),
            (f"delta_{name}", odd, odd_series, delta_unit, f"field-odd {label}"),
        )
        for key, part, blocks, part_unit, what in parts:
            cuts = flank_cuts(part, x, parameters["flank"].values)
            add(f"cut_{key}", ("side", "y"), cuts, part_unit, f"{cut} {what}")
            add(f"edge_{key}", (), edge_accumulation(part, *masks), part_unit, f"{edge} {what}")
            for suffix, value, meaning in (
                (
                    "block_correlation",
                    block_correlation(blocks),
                    "correlation of a block and the next",
                ),
                ("drift", drift(blocks), "second half less first half, in standard errors"),
            ):
                attrs = {"units": "1", "long_name": f"{meaning}: {edge} {what}"}
                variables[f"edge_{key}_{suffix}"] = ((), value, attrs)

    omega = parameters.attrs["omega_B_rad_per_ps"]
    signs = list(FIELD_SIGNS.values())
    return xr.Dataset(
        variables,
        coords={
            "field": signs,
            "omega_B": ("field", [s * omega for s in signs], {"units": "rad/ps"}),
            "x": parameters["x"],
            "y": parameters["y"],
            "side": ["left", "right"],
        },
        attrs={
            **{k: parameters.attrs[k] for k in ("campaign", "config", "versions", "commit")},
            "replicas": samples.replicas,
            "samples": samples.kind,
            "control_variate": "harmonic twin" if control else "none",
            "sample_count": len(samples.maps["kinetic_energy"]),
        },
    )
