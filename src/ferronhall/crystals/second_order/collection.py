"""The results of second-order runs as one dataset, second_order.nc: charges, fits and curves."""

import json
from itertools import groupby
from pathlib import Path

import numpy as np
import xarray as xr

from ferronhall.base import provenance
from ferronhall.base.errors import DataFileError
from ferronhall.crystals.first_principles.branches import follow_branch
from ferronhall.crystals.second_order import polarizations, runs
from ferronhall.crystals.second_order.atom_patterns import ATOM, POLAR
from ferronhall.crystals.second_order.data_files import CONTENT, TABLE, read_content
from ferronhall.crystals.second_order.finite_differences import ChargeFit, cross_term, fit_charge
from ferronhall.crystals.second_order.local_mode_chain import LOCAL, bond_charge
from ferronhall.crystals.second_order.parents import ROLES


def second_order_dataset(config):
    """Second-order mode effective charges from committed or computed polarizations.

    config : dict, a validated configuration or its part second_order.data
    returns : Dataset with dims run (every computed structure) and pair (every pair of modes)
    raises : ConfigError, DataFileError, FirstPrinciplesError
    """
    folder = Path(config["second_order"]["data"])
    content = read_content(folder)
    table = polarizations.read(folder / TABLE)
    for row in table:
        if row["crystal"] not in content["crystals"]:
            raise DataFileError(
                f"{folder / TABLE}: the crystal '{row['crystal']}' is not among those of "
                f"{folder / CONTENT} ({', '.join(content['crystals'])}); describe it there, or "
                "correct the row"
            )
    points = [
        point
        for key, rows in groupby(sorted(table, key=_series), _series)
        for point in _on_one_branch(content["crystals"][key[0]], list(rows))
    ]
    pairs = _pairs(content, points)
    return xr.Dataset(
        {name: ("run", *entry) for name, entry in _run_variables(points).items()}
        | {name: ("pair", *entry) for name, entry in _pair_variables(pairs).items()}
        | _published(content, pairs)
        | _bond(content, pairs),
        attrs=provenance.attributes(config)
        | {key: content[key] for key in ("source", "code", "functional", "pseudopotentials")}
        | {"crystals": json.dumps(content["crystals"])},
    )


def _series(row):
    return row["crystal"], row["first"], row["second"], row["variation"]


def _on_one_branch(group, rows):
    """Points of a pair with the same settings, by rising amplitude: cross terms on one branch.

    Runs whose amplitudes differ in sign alone make one point.
    """
    labels = (rows[0]["first"], rows[0]["second"])
    pair, images = runs.patterns(group, labels)
    cell = runs.parent(group)
    quantum = float(cell.edges[runs.AXIS])
    points, dipoles, periods, steps = [], [0.0], [quantum], [0.0]
    for _, equal in groupby(sorted(rows, key=_size), _size):
        equal = list(equal)
        dipole, period = _dipole(equal, images, quantum)
        sizes = {"first_A": abs(equal[0]["first_A"]), "second_A": abs(equal[0]["second_A"])}
        points.append(
            equal[0]
            | sizes
            | {
                "cells": cell.cells,
                "volume": float(np.prod(cell.edges)),
                "ionic": _ionic(group, cell, pair, sizes),
            }
        )
        dipoles.append(dipole)
        periods.append(period)
        steps.append(_size(equal[0])[0])
    remedy = f"compute {rows[0]['crystal']} {' '.join(labels)} at an amplitude between them"
    followed = follow_branch(dipoles, periods, steps, "e Å", remedy)
    return [point | {"dipole": p} for point, p in zip(points, followed[1:], strict=True)]


def _dipole(rows, images, quantum):
    """Dipole moment of runs that differ in sign alone, and the period it is known up to, in e Å.

    That of a pair is the cross term, that of the polar mode by itself its run's.
    """
    if rows[0]["first"] == POLAR:
        return rows[0]["polarization_eA"], quantum
    return cross_term({_signs(row): row["polarization_eA"] for row in rows}, images, quantum)


def _size(row):
    return abs(row["first_A"] * (row["second_A"] or 1.0)), abs(row["first_A"])


def _signs(row):
    return (1 if row["first_A"] >= 0 else -1, 1 if row["second_A"] >= 0 else -1)


def _ionic(group, cell, pair, row):
    """Dipole moment (e Å) along z of the displaced nominal charges; NaN where none are given."""
    charges_of = dict(zip(group["species"], group["nominal_charges"], strict=False))
    if len(charges_of) < len(group["species"]):
        return np.nan
    moved = runs.displacements(cell, pair, (row["first_A"], row["second_A"]))
    return float(moved[:, runs.AXIS] @ [charges_of[symbol] for symbol in cell.symbols])


def _pairs(content, points):
    """Fits of every pair at its crystal's own settings, in the order of the data set.

    Pairs of atoms count as well. A published pair of which fewer than two amplitudes were computed
    has a fit of NaN.
    """
    series = {
        (name, *entry["modes"]): []
        for name, group in content["crystals"].items()
        for entry in group["published"]
    }
    for point in points:
        pair = point["variation"] == runs.BASE or point["first"].startswith(ATOM)
        if pair and point["first"] != POLAR:
            series.setdefault(_series(point)[:3], []).append(point)
    order = list(content["crystals"])
    return [(key, _fit(series[key])) for key in sorted(series, key=lambda key: order.index(key[0]))]


def _fit(points):
    if len(points) < 2:
        return ChargeFit(*[np.nan] * 5, len(points))
    return fit_charge(
        [point["first_A"] for point in points],
        [point["second_A"] for point in points],
        [point["dipole"] for point in points],
        points[0]["cells"],
    )


def _run_variables(points):
    texts = ("crystal", "first", "second", "variation", "k_mesh", "strings")
    numbers = {
        "first_A": ("angstrom", "order parameter of the first mode (Eq. 4)"),
        "second_A": ("angstrom", "order parameter of the second mode (Eq. 4)"),
        "dipole": ("e angstrom", "dipole moment of the supercell along z, on its branch"),
        "ionic": ("e angstrom", "its part from the displaced nominal charges"),
        "volume": ("angstrom^3", "volume of the supercell"),
        "energy_eV": ("eV", "total energy of the supercell"),
        "cutoff_Ry": ("Ry", "cutoff of the wavefunctions"),
        "threshold_Ry": ("Ry", "convergence of the self-consistent cycle"),
    }
    found = {name: ([p[name] for p in points], {}) for name in texts}
    found["cells"] = ([p["cells"] for p in points], {"long_name": "primitive cells, N"})
    for name, (unit, label) in numbers.items():
        values = np.array([p[name] for p in points], float)
        found[name] = (values, {"units": unit, "long_name": label})
    return {f"run_{name}": entry for name, entry in found.items()}


def _pair_variables(pairs):
    found = {
        name: ([key[n] for key, _ in pairs], {})
        for n, name in enumerate(("pair_crystal", "pair_first", "pair_second"))
    }
    for name, unit, label in (
        ("charge", "e/angstrom", "second-order mode effective charge (Eq. 2)"),
        ("stderr", "e/angstrom", "its standard error, from the scatter about the fit"),
        ("next_order", "e/angstrom^3", "coefficient c of the next order"),
        ("next_order_stderr", "e/angstrom^3", "its standard error"),
        ("residual", "e angstrom", "rms of what the fit leaves of the dipole moments"),
    ):
        values = np.array([getattr(fit, name) for _, fit in pairs])
        key = "charge_stderr" if name == "stderr" else name
        found[key] = (values, {"units": unit, "long_name": label})
    found["points"] = ([fit.points for _, fit in pairs], {"long_name": "amplitudes in the fit"})
    return found


def _published(content, pairs):
    """Published charges of the pairs, and the sign that takes ours to theirs.

    A pattern's sign is free, and the same pair has the same patterns in all crystals of a family:
    one sign a pair is a matter of convention, the signs between crystals are not.
    """
    known = {
        (name, *entry["modes"]): entry["charge_e_per_A"]
        for name, group in content["crystals"].items()
        for entry in group["published"]
    }
    values = np.array([known.get(key, np.nan) for key, _ in pairs])
    alike = [_in_formula(content["crystals"][key[0]], key[1:]) for key, _ in pairs]
    signs = np.ones(len(pairs))
    for kind in set(alike):
        members = [n for n, each in enumerate(alike) if each == kind]
        overlap = np.nansum([values[n] * pairs[n][1].charge for n in members])
        signs[members] = -1.0 if overlap < 0 else 1.0
    return {
        "published": ("pair", values, {"units": "e/angstrom", "long_name": "published charge"}),
        "sign": ("pair", signs, {"long_name": "sign between the published patterns and these"}),
    }


def _in_formula(group, labels):
    """Family and labels with the places of the formula instead of elements."""
    places = dict(zip(group["species"], ROLES[group["family"]], strict=True))
    named = []
    for label in labels:
        head, _, tail = label.partition(":")
        element, *rest = tail.split("_")
        named.append((head, places.get(element, element), *rest))
    return group["family"], *named


def _bond(content, pairs):
    """The charge ζ of a bond between local modes, from the chain of cells, where there is one."""
    for (name, *labels), fit in pairs:
        if labels[0].startswith(LOCAL):
            group = content["crystals"][name]
            cell = runs.parent(group)
            pair, _ = runs.patterns(group, labels)
            per_charge = bond_charge(cell.cells, pair, (1.0, 1.0), cell)
            attrs = {"units": "e/angstrom", "long_name": "charge of a bond between local modes"}
            error = attrs | {"long_name": "its standard error"}
            return {
                "bond_charge": ((), per_charge * fit.charge, attrs),
                "bond_charge_stderr": ((), abs(per_charge) * fit.stderr, error),
            }
    return {}
