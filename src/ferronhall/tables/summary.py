"""The campaign's result in numbers: extremes and edge accumulations with their errors."""

import numpy as np

from ferronhall.observables import DELTA_UNITS, OBSERVABLES
from ferronhall.tables.maps import SYMBOLS
from ferronhall.tables.table import Table

COLUMNS = [
    "map",
    "quantity",
    "unit",
    "value",
    "standard error",
    "significance",
    "at (x, y)",
    "block correlation",
    "drift",
]
_ZERO_BY_SYMMETRY = {"edge_kinetic_energy_zero", "edge_polarization_zero"}
_ZERO_BY_SYMMETRY |= {"edge_delta_angular_momentum"}


def table(parameters, ensemble):
    """Extremes of the folded maps and edge accumulations of the six maps (tables/summary).

    The extreme is the cell of largest magnitude (for KE and P at zero field: the largest and the
    smallest value); it is picked by eye of the data, so its significance is not that of a test.
    """
    rows = []
    for name, (unit, _) in OBSERVABLES.items():
        symbol = SYMBOLS[name]
        field = ensemble.sel(field=0)
        folded, error = field[f"{name}_folded"], field[f"{name}_folded_stderr"]
        pick = np.abs(folded.values) if name == "angular_momentum" else folded.values
        rows.append(_extreme(f"{symbol}, zero field", unit, folded, error, pick))
        if name != "angular_momentum":
            rows.append(_extreme(f"{symbol}, zero field", unit, folded, error, -folded.values))
        rows.append(_edge(f"{symbol}, zero field", unit, ensemble, f"edge_{name}_zero"))
    for name, unit in DELTA_UNITS.items():
        symbol = f"Δ_B {SYMBOLS[name]}"
        folded = ensemble[f"delta_{name}_folded"]
        error = ensemble[f"delta_{name}_folded_stderr"]
        rows.append(_extreme(symbol, unit, folded, error, np.abs(folded.values)))
        rows.append(_edge(symbol, unit, ensemble, f"edge_delta_{name}"))
    return Table(
        f"Summary of campaign {ensemble.attrs['campaign']}", COLUMNS, rows, _notes(ensemble)
    )


def _extreme(symbol, unit, folded, error, pick):
    i, j = np.unravel_index(np.argmax(pick), pick.shape)
    where = f"({folded['x'].values[i]:g}, {folded['y'].values[j]:g})"
    return _row(symbol, "extreme of the folded map", unit, folded[i, j], error[i, j], where)


def _edge(symbol, unit, ensemble, name):
    label = "edge accumulation"
    if name in _ZERO_BY_SYMMETRY:
        label += " (zero by symmetry)"
    row = _row(symbol, label, unit, ensemble[name], ensemble[f"{name}_stderr"], "")
    checks = [float(ensemble[f"{name}_{check}"]) for check in ("block_correlation", "drift")]
    return row[:-2] + [None if np.isnan(check) else check for check in checks]


def _row(symbol, quantity, unit, value, error, where):
    value, error = float(value), float(error)
    significance = abs(value) / error if error > 0 else None
    return [symbol, quantity, unit, value, error, significance, where, None, None]


def _notes(ensemble):
    kind, count = ensemble.attrs["samples"], ensemble.attrs["sample_count"]
    return [
        f"Errors: one standard error of the mean over {count} {kind}; significance: |value| in "
        f"standard errors. With {count} samples the error itself is uncertain by about "
        f"{100 / np.sqrt(2 * max(count - 1, 1)):.0f} %.",
        "Edge accumulation: mean of sign(x) sign(y) X over the two outermost y layers of both "
        "faces and the columns of both flanks of the hot band.",
        "Block correlation: of an edge accumulation's block mean with the next block's; near 0, "
        "blocks are independent. Drift: second half of the trajectories less the first, in "
        "standard errors; beyond about 3, time.t_equil_ps is too short.",
        "An extreme is selected from the map's own values and so is biased away from zero.",
    ]
