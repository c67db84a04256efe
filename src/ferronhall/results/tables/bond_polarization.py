"""What the second-order polarization adds at the edges (tables/bond_polarization)."""

import numpy as np

from ferronhall.base import units
from ferronhall.model.mirrors import Mirrors
from ferronhall.results.tables.table import Table

COLUMNS = [
    "quantity",
    "parity in x, y",
    "unit",
    "theory, harmonic",
    "theory, closure",
    "simulation",
    "standard error",
    "share of linear, theory (%)",
    "share of linear, simulation (%)",
    "standard error of share (%)",
]
_LABELS = {
    "field_odd": (("Δ_B P", "odd, odd"), ("Δ_B P2", "even, odd")),
    "zero_field": (("P − P(T = 0)", "even, even"), ("P2", "odd, even")),
}
"""Name and parity of the linear and of the second-order part."""


def table(parameters, bond_polarization):
    """Edge accumulations of P and of the second-order P2, field-odd and at zero field."""
    rows, mirrors = [], Mirrors.of_dataset(bond_polarization)
    for part, labels in _LABELS.items():
        vanishes = part == "field_odd" and mirrors.field_even
        rows += _rows(bond_polarization.sel(part=part), *labels, vanishes)
    title = f"Second-order polarization of campaign {parameters.attrs['campaign']}"
    errors = {"simulation": "standard error", COLUMNS[-2]: COLUMNS[-1]}
    return Table(title, COLUMNS, rows, _notes(bond_polarization, mirrors), errors)


def _rows(data, linear_label, label, vanishes):
    """Of one part: linear, second-order, and second-order with the parity of the linear."""
    scale, unit = _scale(data.attrs)
    linear = _numbers(data["linear_edge_theory"], data["linear_edge"], data["linear_edge_stderr"])
    zero = ", zero by symmetry"
    own = zero if vanishes else ""
    rows = [[linear_label[0] + own, linear_label[1], "uC/m^2", *linear, None, None, None]]
    shown, hidden = (label[0] + own, label[1]), (label[0] + zero, linear_label[1])
    for kind, names in (("own", shown), ("linear", hidden)):
        of_kind = (data[name].sel(parity=kind) for name in ("edge_theory", "edge", "edge_stderr"))
        *found, error = (scale * value for value in _numbers(*of_kind))
        found.append(abs(error))
        if kind == "linear":
            # symmetry leaves the theory nothing but rounding
            found[:2] = [0.0 if abs(found[i]) < 1e-9 * abs(linear[i]) else found[i] for i in (0, 1)]
        known = kind == "own" and not vanishes and "polarization_per_bilinear" in data.attrs
        shares = _shares(found, linear) if known else [None] * 3
        rows.append([*names, unit, *found, *shares])
    return rows


def _scale(attributes):
    """Factor and unit that bilinears are shown with."""
    if "polarization_per_bilinear" in attributes:
        return units.MICRO * attributes["polarization_per_bilinear"], "uC/m^2"
    return 1.0, "angstrom^2"


def _numbers(theory, simulated, error):
    """Harmonic, closure, simulation, standard error as floats."""
    approximations = (theory.sel(approximation=a) for a in ("harmonic", "closure"))
    return [float(value) for value in (*approximations, simulated, error)]


def _shares(found, linear):
    """Of the closure, of the simulation, and the latter's standard error (%)."""
    theory, simulated = (100 * found[i] / linear[i] for i in (1, 2))
    error = np.hypot(100 * found[3], simulated * linear[3]) / abs(linear[2])
    return [theory, simulated, error]


def _notes(data, mirrors):
    notes = [
        "Mean over the two outermost layers of both faces and the columns of both flanks of the "
        "hot band, signed as a map of the parity given is. P2 adds to P on one flank what it takes "
        "from it on the other, so it has no part in the accumulation of P itself (the rows that "
        "are zero by symmetry); its share is that of its own accumulation.",
    ]
    if not mirrors.single:
        notes.append(
            "In this direction of the field the field-odd maps have no parity in x and in y of "
            "their own: under (x, y) → (−x, −y) Δ_B P stays and Δ_B P2 turns round."
        )
    for part, (_, (label, _)) in _LABELS.items():
        if part == "field_odd" and mirrors.field_even:
            continue
        chosen = data.sel(part=part, approximation="closure")
        value, error = float(chosen["amplitude"]), float(chosen["amplitude_stderr"])
        notes.append(f"{label}: the simulated map is {value:.3f} ± {error:.3f} of the theory's.")
    attributes = data.attrs
    if "bond_charge_e_per_A" in attributes:
        notes.append(
            f"Bond charge {attributes['bond_charge_e_per_A']:g} ± "
            f"{attributes['bond_charge_stderr_e_per_A']:g} e/Å "
            f"({attributes['bond_charge_source']}); its error is common to all rows of P2 and not "
            "part of theirs."
        )
    else:
        notes.append(
            "The material file has no bond_charge: P2 stands for the bare bilinear of neighbouring "
            "cells, which ζ/Ω turns into a polarization."
        )
    return notes
