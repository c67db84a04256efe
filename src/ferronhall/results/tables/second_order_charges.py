"""Second-order mode effective charges beside published ones (Table 1 of Jung and Birol)."""

import numpy as np

from ferronhall.results.tables import rounding
from ferronhall.results.tables.table import Table, deviation

COLUMNS = [
    "crystal",
    "modes",
    "charge (e/Å)",
    "standard error",
    "amplitudes",
    "next order (e/Å³)",
    "its standard error",
    "published (e/Å)",
    "deviation (e/Å)",
    "deviation (%)",
]


def table(second_order):
    """One row a pair of modes."""
    rows = []
    for n in range(second_order.sizes["pair"]):
        at = second_order.isel(pair=n)
        charge = _number(at["sign"] * at["charge"])
        printed = _number(at["published"])
        rows.append(
            [
                str(at["pair_crystal"].values),
                f"{at['pair_first'].values} {at['pair_second'].values}",
                charge,
                _number(at["charge_stderr"]),
                int(at["points"]),
                _number(at["sign"] * at["next_order"]),
                _number(at["next_order_stderr"]),
                printed,
                None if None in (charge, printed) else charge - printed,
                deviation(charge, printed),
            ]
        )
    notes = [
        "p = N Q_λ Q_μ [Z⁽²⁾ + c (Q_λ² + Q_μ²)/2]; c is the next order, and the standard errors "
        "follow from the scatter about this form.",
        "A dash stands for what was not computed. The sign of a pattern is free: one sign for each "
        "pair, the same in all crystals, was taken from the published column.",
        "Atoms (atom:) stand for second-order dynamical charges (Eq. 1), of all images of the atom "
        "in the supercell; local modes (local:) for waves of them in a chain of cells.",
        f"{second_order.attrs['source']}; {second_order.attrs['code']}, "
        f"{second_order.attrs['functional']}.",
    ]
    errors = {COLUMNS[2]: COLUMNS[3], COLUMNS[5]: COLUMNS[6]}
    formats = {"deviation (e/Å)": rounding.in_errors, "deviation (%)": rounding.deviation}
    return Table("Second-order mode effective charges", COLUMNS, rows, notes, errors, formats)


def _number(value):
    return None if np.isnan(float(value)) else float(value)
