"""From trajectories to maps with errors: means, field-odd parts, symmetry folding.

Errors are standard errors of the mean over replicas, whose trajectories are independent. With a
single replica the time blocks stand in for them.
"""

import numpy as np
import xarray as xr

from ferronhall import storage, units
from ferronhall.errors import DataFileError
from ferronhall.observables import DELTA_UNITS, OBSERVABLES
from ferronhall.trajectory import FIELD_SIGNS

MIRROR_PARITY = {"kinetic_energy": 1, "polarization": 1, "angular_momentum": -1}
"""Sign of a map under y → −y, and under x → −x with u → −u; both mirrors turn Ω_B round."""

_DELTA_SCALE = {"kinetic_energy": 1.0, "polarization": units.MICRO, "angular_momentum": 1.0}


def fold(maps, parity):
    """Average maps over the two mirrors of the driven slab.

    maps : ndarray, shape (..., field, nx, ny), fields ordered −Ω_B, 0, +Ω_B
    parity : +1 or −1
        Sign of the map under either mirror (MIRROR_PARITY).
    """
    reversed_field = maps[..., ::-1, :, :]
    mirrored_x = parity * reversed_field[..., ::-1, :]
    mirrored_y = parity * reversed_field[..., ::-1]
    return (maps + maps[..., ::-1, ::-1] + mirrored_x + mirrored_y) / 4


def field_odd(maps):
    """Δ_B X = [X(+Ω_B) − X(−Ω_B)]/2 (Eq. S44), from shape (..., field, nx, ny)."""
    return (maps[..., 2, :, :] - maps[..., 0, :, :]) / 2


def edge_accumulation(maps, x, y, flank, edge):
    """Mean of sign(x) sign(y) X over the edge layers and flank columns, from (..., nx, ny)."""
    signs = np.outer(np.sign(x) * flank, np.sign(y) * edge)
    return np.sum(maps * signs, axis=(-2, -1)) / np.count_nonzero(signs)


def flank_cuts(maps, x, flank):
    """Means over the flank columns on either side of the hot band, (..., nx, ny) → (..., 2, ny)."""
    sides = (flank & (x < 0), flank & (x > 0))
    return np.stack([maps[..., side, :].mean(axis=-2) for side in sides], axis=-2)


def mean_and_error(samples):
    """Mean and standard error over axis 0; the error is NaN for a single sample."""
    count = len(samples)
    mean = samples.mean(axis=0)
    if count < 2:
        return mean, np.full_like(mean, np.nan)
    return mean, samples.std(axis=0, ddof=1) / np.sqrt(count)


def read_samples(trajectories):
    """Independent samples of every observable.

    trajectories : dict field → list of paths, replicas in one order
    returns : dict observable → ndarray (sample, field, nx, ny); "replicas" or "blocks"; replicas
    raises : DataFileError when the fields disagree in their replicas or configurations
    """
    datasets = {f: [storage.read(p) for p in trajectories[f]] for f in FIELD_SIGNS}
    numbers = [[int(d.attrs["replica"]) for d in datasets[f]] for f in FIELD_SIGNS]
    digests = {d.attrs["config_digest"] for f in FIELD_SIGNS for d in datasets[f]}
    if numbers.count(numbers[0]) != len(numbers) or not numbers[0]:
        raise DataFileError("trajectories: the three fields need the same replicas, at least one")
    if len(digests) > 1:
        raise DataFileError(
            "trajectories: the files come from different configurations or codes; delete "
            f"{trajectories['zero'][0]} and its neighbours made before the change, and run again"
        )
    replicas = len(numbers[0])
    kind = "replicas" if replicas > 1 else "blocks"
    samples = {}
    for name in OBSERVABLES:
        if kind == "replicas":
            per_field = [[d[name].values.mean(axis=0) for d in datasets[f]] for f in FIELD_SIGNS]
        else:
            per_field = [datasets[f][0][name].values for f in FIELD_SIGNS]
        samples[name] = np.moveaxis(np.array(per_field), 0, 1)
    return samples, kind, replicas


def ensemble_dataset(parameters, trajectories):
    """Maps with errors of a whole campaign (ensemble.nc).

    parameters : Dataset of the parameters stage
    trajectories : dict "minus"/"zero"/"plus" → list of paths
    """
    samples, kind, replicas = read_samples(trajectories)
    x, y = parameters["x"].values, parameters["y"].values
    masks = (x, y, parameters["flank"].values, parameters["edge"].values)
    variables = {}

    def add(name, dims, values, unit, label):
        mean, error = mean_and_error(values)
        variables[name] = (dims, mean, {"units": unit, "long_name": label})
        variables[f"{name}_stderr"] = (
            dims,
            error,
            {"units": unit, "long_name": f"standard error over {kind}: {label}"},
        )

    for name, (unit, label) in OBSERVABLES.items():
        maps = samples[name]
        folded = fold(maps, MIRROR_PARITY[name])
        scale, delta_unit = _DELTA_SCALE[name], DELTA_UNITS[name]
        odd, odd_folded = scale * field_odd(maps), scale * field_odd(folded)
        add(name, ("field", "x", "y"), maps, unit, label)
        add(f"{name}_folded", ("field", "x", "y"), folded, unit, f"{label}, folded")
        add(f"delta_{name}", ("x", "y"), odd, delta_unit, f"field-odd {label}")
        add(
            f"delta_{name}_folded", ("x", "y"), odd_folded, delta_unit, f"field-odd {label}, folded"
        )
        cut, edge = "along y over the flank columns:", "edge accumulation of"
        parts = (
            (f"{name}_zero", maps[:, 1], unit, f"{label} at zero field"),
            (f"delta_{name}", odd, delta_unit, f"field-odd {label}"),
        )
        for key, part, part_unit, what in parts:
            cuts = flank_cuts(part, x, parameters["flank"].values)
            add(f"cut_{key}", ("side", "y"), cuts, part_unit, f"{cut} {what}")
            add(f"edge_{key}", (), edge_accumulation(part, *masks), part_unit, f"{edge} {what}")

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
            "replicas": replicas,
            "samples": kind,
            "sample_count": len(samples["kinetic_energy"]),
        },
    )
