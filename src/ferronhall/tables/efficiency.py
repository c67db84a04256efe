"""What an error bar costs, by way of estimating it (tables/efficiency)."""

import json

from ferronhall.efficiency import ESTIMATORS
from ferronhall.tables.maps import MAPS
from ferronhall.tables.table import Table

COLUMNS = [
    "edge response",
    "unit",
    "estimator",
    "standard deviation of a block",
    "variance lower by",
    "standard error",
    "time of a replica",
    "lower per core-hour by",
]


def table(parameters, efficiency):
    """One row an edge response and estimator."""
    rows = []
    for target in efficiency["target"].values:
        for name in efficiency["estimator"].values:
            cell = efficiency.sel(target=target, estimator=name)
            if not float(cell["variance"]) >= 0:
                continue
            spread = float(cell["variance"]) ** 0.5
            numbers = [float(cell[k]) for k in ("factor", "factor_stderr", "cost", "gain")]
            rows.append([MAPS[target][0], str(cell["unit"].values), name, spread, *numbers])
    config = json.loads(efficiency.attrs["config"])
    time = config["time"]
    share = 1 - time["t_equil_ps"] / time["t_max_ps"]
    notes = [
        "; ".join(f"{name}: {text}" for name, text in ESTIMATORS.items()) + ".",
        "All estimators have the same mean. Variances are taken over the blocks of all "
        f"{efficiency.attrs['replicas']} replicas; factors are against the first estimator of the "
        "same response, their errors from the jackknife over replicas.",
        f"Of each trajectory {100 * share:.0f} % is sampled, so the most that longer trajectories "
        f"can gain over more replicas is a factor {1 / share:.2f}. A substep twice as long halves "
        "the cost, at the bias that tables/timestep states.",
    ]
    title = f"Cost of an error bar in campaign {parameters.attrs['campaign']}"
    return Table(title, COLUMNS, rows, notes)
