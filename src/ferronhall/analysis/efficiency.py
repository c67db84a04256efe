"""What an error bar costs: the variance of the edge responses by way of estimating them.

Every estimator has the same mean. Its variance is taken over the time blocks of all replicas, which
are independent of one another to a few per cent (see tables/summary).
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from ferronhall.analysis.estimates import quotient
from ferronhall.analysis.regression import controlled
from ferronhall.analysis.samples import read_replicas, sampled_twins
from ferronhall.analysis.trajectory_length import length_gain
from ferronhall.base import provenance
from ferronhall.base.errors import ConfigError
from ferronhall.model.observables import OBSERVABLES
from ferronhall.model.response_maps import RESPONSE_MAPS
from ferronhall.model.schedule import schedule
from ferronhall.theory.sampling import corner_variance_ratio

PUBLISHED_INTERVAL_PS = 0.05
"""Between samples (SM, "Molecular dynamics"), against which a campaign's own interval is held."""

TARGETS = ("delta_polarization", "delta_kinetic_energy", "angular_momentum_zero")


@dataclass(frozen=True)
class Estimator:
    """A way to an edge response.

    text : str
        What it adds to the one before.
    folded : bool
        Mean of the corners that the mirrors make equal, not one of them.
    independent : bool
        Both signs of the field from noise of their own; of responses that are field-odd.
    corrected : "bath" or "twin", optional
        What takes chance from the maps first. Either needs the harmonic twin to have run.
    """

    text: str
    folded: bool
    independent: bool = False
    corrected: str = ""


ESTIMATORS = {
    "one corner, independent noise": Estimator(
        "the published protocol, read at one face and flank", folded=False, independent=True
    ),
    "folded, independent noise": Estimator(
        "the corners that the mirrors make equal", folded=True, independent=True
    ),
    "one corner, common noise": Estimator("both signs of the field under one noise", folded=False),
    "folded, common noise": Estimator("both", folded=True),
    "bath force": Estimator(
        "and less the linear response to the bath's mean force", folded=True, corrected="bath"
    ),
    "harmonic twin": Estimator(
        "and less everything a harmonic twin knows to be chance, as far as a regression finds it",
        folded=True,
        corrected="twin",
    ),
}
"""The last two build on the one before."""


def efficiency_dataset(model, config, trajectories, control, cost):
    """Variance of every estimator of every target, and the factors by which they lower it.

    config : dict, validated
    trajectories : dict "minus"/"zero"/"plus" → list of paths
    control : ControlVariate, or None for a campaign without twins
    cost : float
        Time of a replica with twins over that of one without (see twin_cost).
    returns : Dataset over (target, estimator): variance of a block, in the target's unit squared;
        factor, by which the first estimator's variance is larger, and its standard error by the
        jackknife over replicas; gain, the factor per core-hour; and over target, for the last
        estimator, length_gain, what longer trajectories gain over more of them, and for the first
        interval_ratio, its variance in samples at the published interval over that in the
        campaign's, which the harmonic slab tells of Δ_B P alone
    raises : ConfigError for a slab with domain walls
    """
    if model.walls:
        raise ConfigError(
            "domains.walls_y: with walls the corners of the slab are not alike, which this stage "
            "takes them for; ask for other targets than efficiency, or set it to []"
        )
    series = _estimates(model, control, trajectories, config["ensemble"]["root_seed"])
    names = [name for name in ESTIMATORS if name in series["delta_polarization"]]
    costs = np.array([cost if ESTIMATORS[name].corrected else 1.0 for name in names])
    shape = (len(TARGETS), len(names))
    variance, factor, error = (np.full(shape, np.nan) for _ in range(3))
    longer = doubled_blocks(config, model.omega_max)
    lengths = [length_gain(list(series[t].values())[-1][0], longer) for t in TARGETS]
    length, length_error = np.transpose(lengths)
    for t, target in enumerate(TARGETS):
        first = next(iter(series[target].values()))
        for e, name in enumerate(names):
            if name not in series[target]:
                continue
            blocks = series[target][name]
            variance[t, e] = _variance(blocks)
            factor[t, e] = quotient(_variance(first), variance[t, e])
            error[t, e] = _jackknife(first, blocks)
    interval_ratio = np.full(len(TARGETS), np.nan)
    interval_ratio[TARGETS.index("delta_polarization")] = _interval_ratio(model, config)
    dims = ("target", "estimator")
    return xr.Dataset(
        {
            "variance": (
                dims,
                variance,
                {"long_name": "variance of a block, target units squared"},
            ),
            "factor": (dims, factor, {"units": "1", "long_name": "first variance over this one"}),
            "factor_stderr": (dims, error, {"units": "1", "long_name": "its standard error"}),
            "gain": (dims, factor / costs, {"units": "1", "long_name": "factor per core-hour"}),
            "length_gain": (
                "target",
                length,
                {"units": "1", "long_name": "variance of two trajectories over a doubled one's"},
            ),
            "length_gain_stderr": (
                "target",
                length_error,
                {"units": "1", "long_name": "its standard error"},
            ),
            "interval_ratio": (
                "target",
                interval_ratio,
                {
                    "units": "1",
                    "long_name": f"variance of samples every {PUBLISHED_INTERVAL_PS} ps over this",
                },
            ),
        },
        coords={
            "target": list(TARGETS),
            "unit": ("target", [RESPONSE_MAPS[t].unit for t in TARGETS]),
            "estimator": names,
            "cost": ("estimator", costs, {"units": "1", "long_name": "cost over the plain one"}),
        },
        attrs={
            **provenance.attributes(config),
            **model.mirrors.attributes,
            "replicas": len(trajectories["zero"]),
            "blocks": len(trajectories["zero"]) * series[TARGETS[-1]][names[-1]].shape[-1],
        },
    )


def _interval_ratio(model, config):
    """Variance of one corner's P in samples as far apart as published, over that in the model's."""
    own = schedule(config, model.omega_max).every
    return corner_variance_ratio(model, max(1, round(PUBLISHED_INTERVAL_PS / model.h)), own)


def _estimates(model, control, trajectories, root_seed):
    """Target → estimator → block series, shape (corner or corners folded, replica, block)."""
    cells, mirrors = model.cells, model.mirrors
    edges = {}
    for datasets in read_replicas(trajectories, root_seed):
        for name, values in _replica_edges(cells, control, datasets).items():
            edges.setdefault(name, []).append(values)
    # (replica, field, block, corner) → (corner, field, replica, block)
    edges = {name: np.array(values).transpose(3, 1, 0, 2) for name, values in edges.items()}
    series = {}
    for target in TARGETS:
        response = RESPONSE_MAPS[target]
        equal = cells.equal_corners(response.quartered(mirrors))
        found = {
            name: _corrected(edges, response, estimator, equal)
            for name, estimator in ESTIMATORS.items()
        }
        series[target] = {name: blocks for name, blocks in found.items() if blocks is not None}
    return series


def _corrected(edges, response, estimator, equal):
    """Block series of one response by one estimator; None where it does not apply.

    edges : dict (correction, observable) → ndarray, shape (corner, field, replica, block)
    equal : list of lists of the corners that are equal
    """
    known = estimator.corrected, response.observable
    if known not in edges:
        return None
    series = _blocks(edges["", response.observable], response, estimator, equal)
    if not estimator.corrected or series is None:
        return series
    chance = _blocks(edges[known], response, estimator, equal)
    if estimator.corrected == "bath":
        return series - chance
    run = series.shape[-1]
    return np.array(
        [
            controlled(own.ravel(), its.ravel(), run).reshape(own.shape)
            for own, its in zip(series, chance, strict=True)
        ]
    )


def _blocks(corners, response, estimator, equal):
    """Block series of the corners' values, shape (corner, field, replica, block), or None."""
    if estimator.independent and not response.delta:
        return None
    if response.delta:
        minus = corners[:, 0]
        if estimator.independent:
            # noise of its own is that of another replica
            if minus.shape[1] < 2:
                return None
            minus = np.roll(minus, 1, axis=1)
        found = response.scale * (corners[:, 2] - minus) / 2
    else:
        found = response.scale * corners[:, 1]
    return np.array([found[c].mean(axis=0) for c in equal]) if estimator.folded else found


def _replica_edges(cells, control, datasets):
    """Edge responses of the four corners, (correction, observable) → (field, block, corner).

    Of what a correction knows to be chance, or without one of the maps themselves.
    """
    maps = {name: np.array([d[name].values for d in datasets]) for name in OBSERVABLES}
    found = {("", name): cells.corners(values) for name, values in maps.items()}
    if control is None:
        return found
    twins = sampled_twins(datasets)
    chance = control.deviations(twins)
    bath = control.bath_response(twins["twin_displacement"])
    for name in maps:
        found["twin", name] = cells.corners(chance[name])
    found["bath", "polarization"] = cells.corners(bath)
    return found


def _variance(series):
    """Variance over replicas and blocks, averaged over equivalent corners; NaN of a single one."""
    flat = series.reshape(len(series), -1)
    if flat.shape[1] < 2:
        return np.nan
    return float(flat.var(axis=1, ddof=1).mean())


def _jackknife(first, series):
    """Standard error of the ratio of two variances, leaving one replica out at a time."""
    count = series.shape[1]
    if count < 3:
        return np.nan
    ratios = [
        quotient(*(_variance(np.delete(blocks, r, axis=1)) for blocks in (first, series)))
        for r in range(count)
    ]
    return float(np.sqrt((count - 1) * np.var(ratios)))


def doubled_blocks(config, omega_max):
    """Blocks of a trajectory twice as long as the configured one."""
    time_ = config["time"]
    doubled = config | {"time": time_ | {"t_max_ps": 2 * time_["t_max_ps"]}}
    return schedule(doubled, omega_max).blocks
