"""The campaign's result in numbers: extremes and edge accumulations with their errors."""

import numpy as np

from ferronhall.analysis.equilibration import DRIFTS, FEWEST_BLOCKS, verdict
from ferronhall.model.mirrors import Mirrors
from ferronhall.model.response_maps import RESPONSE_MAPS
from ferronhall.results.tables import rounding
from ferronhall.results.tables.rounding import in_errors
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
    "equilibration",
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
        if not (response.delta or response.odd):
            # nobody doubts that these differ from zero
            for row in rows[-len(picks) :]:
                row[COLUMNS.index("significance")] = None
        rows.append(_edge(response, ensemble, mirrors))
    return Table(
        f"Summary of campaign {ensemble.attrs['campaign']}",
        COLUMNS,
        rows,
        _notes(ensemble),
        errors={"value": "standard error"},
        formats={"significance": in_errors, "block correlation": in_errors},
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
    correlation, change = (float(ensemble[f"{name}_{c}"]) for c in ("block_correlation", "drift"))
    return [*row[:-2], None if np.isnan(correlation) else correlation, verdict(change)]


def _row(response, quantity, value, error, where):
    value, error = float(value), float(error)
    significance = abs(value) / error if error > 0 else None
    shown = [response.title, quantity, response.unit]
    return [*shown, value, error, significance, where, None, None]


def _notes(ensemble):
    kind, count = ensemble.attrs["samples"], ensemble.attrs["sample_count"]
    errors = ensemble.attrs.get("errors", "")
    moved = np.atleast_1d(ensemble.attrs.get("replicas_with_moved_walls", []))
    return [
        *(
            [f"Left out, as a domain wall moved: replica {', '.join(map(str, moved))}."]
            if moved.size
            else []
        ),
        *([f"Replicas are crystals of their own: errors are {errors}."] if errors else []),
        *_domains(ensemble),
        f"Errors: one standard error of the mean over {count} {kind}; significance: |value| in "
        f"standard errors. With {count} samples the error itself is uncertain by about "
        f"{100 / np.sqrt(2 * max(count - 1, 1)):.0f} %.",
        "Edge accumulation: mean of sign(x) sign(y) X over the two outermost y layers of both "
        "faces and the columns of both flanks of the hot band.",
        "Block correlation: of an edge accumulation's block mean with the next block's; near 0, "
        "blocks are independent.",
        "Equilibration: whether an edge accumulation changes from the first half of the "
        f"trajectories to the second by more than {DRIFTS:g} standard errors; where it drifts, "
        "time.t_equil_ps is too short. Fewer than "
        f"{FEWEST_BLOCKS} independent blocks cannot tell.",
        "An extreme is selected from the map's own values and so is biased away from zero.",
    ]


def _domains(ensemble):
    """Δ_B P of domains whose mean over z may cancel."""
    name = "edge_delta_domain_polarization"
    if name in ensemble:
        value, error = (float(ensemble[key]) for key in (name, f"{name}_stderr"))
        yield (
            "Counted along the domain that every cell is in, the edge accumulation of Δ_B P is "
            f"{rounding.supported(value, error)} ± {rounding.error(error)} uC/m^2; along x, "
            "opposite domains cancel in the mean over z."
        )
