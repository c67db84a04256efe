"""The campaign's result in numbers: extremes and edge accumulations with their errors."""

import numpy as np

from ferronhall.model.mirrors import Mirrors
from ferronhall.model.response_maps import RESPONSE_MAPS
from ferronhall.results.tables.table import Table

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


def table(ensemble):
    """Extremes of the folded maps and edge accumulations of the six maps (tables/summary).

    The extreme is the cell of largest magnitude (for KE and P at zero field: the largest and the
    smallest value); it is picked by eye of the data, so its significance is not that of a test.
    """
    rows, mirrors = [], Mirrors.of_dataset(ensemble)
    for response in RESPONSE_MAPS.values():
        maps = ensemble if response.delta else ensemble.sel(field=0)
        name = response.key if response.delta else response.observable
        folded, error = maps[f"{name}_folded"], maps[f"{name}_folded_stderr"]
        if response.delta or response.odd:
            picks = [np.abs(folded.values)]
        else:
            picks = [folded.values, -folded.values]
        # a folded map that the symmetry makes zero has no extreme
        if response.parity(mirrors) != "zero":
            rows += [_extreme(response, folded, error, pick) for pick in picks]
        rows.append(_edge(response, ensemble, mirrors))
    return Table(
        f"Summary of campaign {ensemble.attrs['campaign']}", COLUMNS, rows, _notes(ensemble)
    )


def _extreme(response, folded, error, pick):
    i, j = np.unravel_index(np.argmax(pick), pick.shape)
    where = f"({folded['x'].values[i]:g}, {folded['y'].values[j]:g})"
    return _row(response, "extreme of the folded map", folded[i, j], error[i, j], where)


def _edge(response, ensemble, mirrors):
    name, label = f"edge_{response.key}", "edge accumulation"
    if not response.accumulates(mirrors):
        label += " (zero by symmetry)"
    row = _row(response, label, ensemble[name], ensemble[f"{name}_stderr"], "")
    checks = [float(ensemble[f"{name}_{check}"]) for check in ("block_correlation", "drift")]
    return row[:-2] + [None if np.isnan(check) else check for check in checks]


def _row(response, quantity, value, error, where):
    value, error = float(value), float(error)
    significance = abs(value) / error if error > 0 else None
    shown = [response.title, quantity, response.unit]
    return [*shown, value, error, significance, where, None, None]


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
