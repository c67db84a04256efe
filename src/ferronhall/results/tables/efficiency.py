"""What an error bar costs, by way of estimating it and spending core time (tables/efficiency)."""

import json

import numpy as np

from ferronhall.analysis.efficiency import ESTIMATORS, PUBLISHED_INTERVAL_PS
from ferronhall.model.cells import Cells
from ferronhall.model.mirrors import Mirrors
from ferronhall.model.response_maps import RESPONSE_MAPS
from ferronhall.results.tables.rounding import in_errors
from ferronhall.results.tables.table import Table

COLUMNS = [
    "edge response",
    "unit",
    "estimator",
    "standard deviation of a block",
    "variance lower by",
    "standard error",
    "time of a replica",
    "lower per core-hour by",
    "bias of the substep, standard errors",
]
LONGER = "trajectories twice as long, half as many"
COARSER = "substep twice as long"
PUBLISHED = f"and sampled every {PUBLISHED_INTERVAL_PS:g} ps, as published"


def table(parameters, timestep, efficiency):
    """One row an edge response and estimator, and two on how to spend its core time.

    A response whose variance is not known, from a single block, has no rows.
    """
    cells = Cells.of(parameters)
    rows = []
    for target in efficiency["target"].values:
        at = efficiency.sel(target=target)
        biases = np.abs(cells.edge_accumulation(_bias(timestep, target)))
        label = [RESPONSE_MAPS[target].title, str(at["unit"].values)]
        known = at["variance"].notnull()
        ratio = float(at["interval_ratio"])
        if known.any() and np.isfinite(ratio):
            spread = (float(at["variance"][known][0]) * ratio) ** 0.5
            rows.append([*label, PUBLISHED, spread, 1 / ratio, 0.0, 1.0, 1 / ratio, None])
        for name in efficiency["estimator"].values[known]:
            cell = at.sel(estimator=name)
            spread = float(cell["variance"]) ** 0.5
            numbers = [float(cell[k]) for k in ("factor", "factor_stderr", "cost", "gain")]
            # the last estimator is the best, and its error the one that a bias has to stay below
            error = spread / efficiency.attrs["blocks"] ** 0.5
            # what of the bias is left with a twin is not known from here
            known_bias = ESTIMATORS[name].corrected != "twin"
            left = [_in_errors(bias, error) if known_bias else None for bias in biases]
            rows.append([*label, name, spread, *numbers, left[0]])
        if not known.any():
            continue
        gain, gain_error = float(at["length_gain"]), float(at["length_gain_stderr"])
        rows.append([*label, LONGER, None, gain, gain_error, 1.0, gain, left[0]])
        if len(biases) > 1:
            rows.append([*label, COARSER, spread, 1.0, 0.0, 0.5, 2.0, left[1]])
    time = json.loads(efficiency.attrs["config"])["time"]
    share = 1 - time["t_equil_ps"] / time["t_max_ps"]
    notes = [
        "; ".join(f"{name}: {way.text}" for name, way in ESTIMATORS.items()) + ".",
        f"{PUBLISHED}: the first estimator of Δ_B P, in samples so far apart that what oscillates "
        "faster lands on zero frequency; what that costs is exact for the harmonic slab without a "
        "field. Of Δ_B KE and L_z, moments of second order, it is not known.",
        "All estimators have the same mean. Variances are taken over the blocks of all "
        f"{efficiency.attrs['replicas']} replicas; factors are against the first estimator of the "
        "same response, their errors from the jackknife over replicas.",
        f"{LONGER.capitalize()}; {COARSER}: against the row of the last estimator, at the same "
        f"core time and for each replica. Of each trajectory {100 * share:.0f} % is sampled, so "
        f"the most that longer ones could gain is a factor {1 / share:.2f}; what the blocks "
        "remember of one another is counted. A longer substep is counted to scatter as much.",
        "Bias of the substep: that of the edge response (tables/timestep) over the standard error "
        "that all blocks of the campaign give it, as if they were independent. The harmonic twin "
        "takes it off; what is left is of the anharmonic part.",
    ]
    notes += _symmetry_notes(Mirrors.of_dataset(efficiency))
    if not rows:
        notes = [
            "One replica with one block has no variance; raise ensemble.replicas or time.t_max_ps."
        ]
    title = f"Cost of an error bar in campaign {parameters.attrs['campaign']}"
    errors = {"variance lower by": "standard error"}
    rough = (COLUMNS[3], *COLUMNS[-3:])
    return Table(title, COLUMNS, rows, notes, errors, dict.fromkeys(rough, in_errors))


def _symmetry_notes(mirrors):
    if mirrors.field_even:
        return ["In this direction of the field every field-odd response is zero by symmetry."]
    if not mirrors.single:
        return [
            "In this direction of the field a field-odd response has two pairs of equal corners; "
            "folding is over a pair, and so is the error that the bias is compared with."
        ]
    return []


def _in_errors(bias, error):
    """A bias in standard errors; None where nothing scatters, as at T = 0."""
    return float(bias / error) if error > 0 else None


def _bias(timestep, target):
    """Bias of a map at each substep, shape (substep, x, y)."""
    if target.startswith("delta_"):
        return timestep[f"{target}_bias"].values
    return timestep[f"{target.removesuffix('_zero')}_bias"].values[:, 1]
