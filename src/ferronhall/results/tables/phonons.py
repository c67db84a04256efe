"""Tables S1, S5, S6 and S8: settings and lattice vibrations, published and computed here."""

import json

import numpy as np

from ferronhall.results.tables import rounding
from ferronhall.results.tables.table import Table, deviation

_CM_PER_THZ = 33.35641
"""1/cm in one THz, the factor of Table S6."""

_COLUMNS = ["quantity", "unit", "first principles", "published", "deviation (%)"]
_DIFFERENCE = (
    "The published figures come from PAW potentials and finite displacements, those here from "
    "norm-conserving potentials and linear response (Table S1); the soft branch hangs on the cell "
    "volume, the k mesh and the acoustic sum rule by tenths of a THz."
)


def _settings(content, phonons):
    here = json.loads(phonons.attrs["settings"])
    published = json.loads(phonons.attrs["published"]).get("settings", {})
    rows = [[key, here.get(key), published.get(key)] for key in {**here, **published}]
    title = f"Table S1: first-principles settings of {phonons.attrs['material']}"
    return Table(title, ["setting", "here", "published"], rows, [_source(phonons)])


def _spectra(number, phase, directions):
    """A builder of a table of frequencies at Γ."""

    def build(content, phonons):
        name = phonons.attrs["material"]
        title = f"Table {number}: frequencies of {phase} {name} at the zone centre"
        if f"{phase}_gamma" not in phonons:
            notes = [f"No first-principles data of the {phase} phase.", _source(phonons)]
            return Table(title, _COLUMNS, [], notes)
        published = json.loads(phonons.attrs["published"])
        rows = []
        for label, key in directions:
            values = phonons[f"{phase}_{key}"].values
            paper = published.get(f"{phase}_{key}", [None] * len(values))
            for mode, (value, printed) in enumerate(zip(values, paper, strict=True)):
                rows.append(_row(f"mode {mode + 1}, {label}", "THz", float(value), printed))
        notes = [*_difference(rows), _source(phonons)]
        return Table(title, _COLUMNS, rows, notes, formats=_formats(3))

    return build


def _infrared(content, phonons):
    transverse = _split(phonons["cubic_gamma"].values, phonons["cubic_gamma_z"].values)
    printed = [None] * 6
    published = json.loads(phonons.attrs["published"])
    if "cubic_gamma" in published:
        printed = _split(*(np.array(published[f"cubic_{k}"]) for k in ("gamma", "gamma_z")))
    others = published.get("cubic_infrared_theory", [None] * 6)
    names = [f"{kind}{k}" for kind in ("TO", "LO") for k in (1, 2, 3)]
    rows = []
    for name, value, paper, other in zip(names, transverse, printed, others, strict=True):
        paper = None if paper is None else paper * _CM_PER_THZ
        rows.append([*_row(name, "1/cm", value * _CM_PER_THZ, paper), other])
    title = f"Table S6: infrared-active modes of cubic {phonons.attrs['material']}"
    return Table(
        title,
        [*_COLUMNS, "published benchmark"],
        rows,
        ["Imaginary frequencies are negative.", *_difference(rows), _source(phonons)],
        formats=_formats(1),
    )


def _split(bare, along_z):
    """The transverse and longitudinal frequencies of a cubic crystal's polar modes, three each.

    Transverse modes are those of q = 0 without dipoles that one direction of q → 0 moves away from.
    """
    left = list(along_z)
    transverse = []
    for frequency in bare:
        nearest = int(np.argmin(np.abs(np.array(left) - frequency)))
        if abs(left[nearest] - frequency) < 1e-3:
            left.pop(nearest)
        else:
            transverse.append(float(frequency))
    return [*transverse, *map(float, left)]


def _row(quantity, unit, value, printed):
    # translations vanish by the sum rule on both sides, and have no deviation
    return [quantity, unit, value, printed, deviation(value, printed)]


def _difference(rows):
    """Why frequencies differ from the published ones, where there are any."""
    return [_DIFFERENCE] if any(row[3] is not None for row in rows) else []


def _formats(decimals):
    """Frequencies with so many decimals, rounding's traces of a zero with them."""
    shown = dict.fromkeys(_COLUMNS[2:4], rounding.fixed(decimals))
    return {**shown, "deviation (%)": rounding.deviation}


def _source(phonons):
    return f"Source of the first-principles data: {phonons.attrs['source']}."


_BARE = ("without dipoles", "gamma")
_ALONG_Z = ("with dipoles, q along z", "gamma_z")
_ALONG_X = ("with dipoles, q along x", "gamma_x")
TABLES = {
    "tableS1": _settings,
    "tableS5": _spectra("S5", "cubic", (_BARE, _ALONG_Z)),
    "tableS6": _infrared,
    "tableS8": _spectra("S8", "tetragonal", (_BARE, _ALONG_Z, _ALONG_X)),
}
