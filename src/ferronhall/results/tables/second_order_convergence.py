"""What other settings, signs and amplitudes make of a second-order mode effective charge."""

import numpy as np

from ferronhall.crystals.second_order.runs import BASE
from ferronhall.results.tables.table import Table

COLUMNS = [
    "crystal",
    "modes",
    "amplitude (Å)",
    "settings",
    "cutoff (Ry)",
    "k mesh",
    "strings",
    "threshold (Ry)",
    "p/(N Q_λ Q_μ) (e/Å)",
    "less that of the crystal's own settings (e/Å)",
]


def table(second_order):
    """One row a structure of a pair that was also computed with other settings."""
    runs = second_order[[name for name in second_order if str(name).startswith("run_")]]
    both = (runs["run_first_A"] * runs["run_second_A"]).values > 0
    runs = runs.isel(run=np.flatnonzero(both))
    key = [
        tuple(str(runs[f"run_{name}"].values[n]) for name in ("crystal", "first", "second"))
        for n in range(runs.sizes["run"])
    ]
    varied = {k for k, v in zip(key, runs["run_variation"].values, strict=True) if str(v) != BASE}
    charges = (
        runs["run_dipole"] / (runs["run_cells"] * runs["run_first_A"] * runs["run_second_A"])
    ).values
    amplitudes = runs["run_first_A"].values
    own = {
        (k, a): c
        for k, a, c, v in zip(key, amplitudes, charges, runs["run_variation"].values, strict=True)
        if str(v) == BASE
    }
    rows = []
    for n, (crystal, first, second) in enumerate(key):
        if key[n] not in varied:
            continue
        at = runs.isel(run=n)
        reference = own.get((key[n], amplitudes[n]))
        rows.append(
            [
                crystal,
                f"{first} {second}",
                float(amplitudes[n]),
                str(at["run_variation"].values),
                _number(at["run_cutoff_Ry"]),
                str(at["run_k_mesh"].values),
                str(at["run_strings"].values),
                _number(at["run_threshold_Ry"]),
                float(charges[n]),
                None if reference is None else float(charges[n] - reference),
            ]
        )
    notes = [f"{second_order.attrs['source']}; {second_order.attrs['code']}."]
    return Table("Convergence of second-order charges", COLUMNS, rows, notes)


def _number(value):
    """A number, or None where another code's user left it out."""
    return None if np.isnan(value) else float(value)
