"""Units as a reader has them, where datasets keep one unit and its name in ASCII."""

import re
from dataclasses import dataclass

import numpy as np

FAMILIES = {
    "meV": ("eV", 1e-3),
    "C/m^2": ("C/m²", 1.0),
    "uC/m^2": ("C/m²", 1e-6),
    "hbar": ("ħ", 1.0),
    "K": ("K", 1.0),
}
"""Unit of a dataset → family of display units, and its size in them; any other is its own."""

PREFIXES = {
    "eV": (("eV", "eV", 1.0), ("meV", "meV", 1e-3), ("µeV", "ueV", 1e-6), ("neV", "neV", 1e-9)),
    "C/m²": (
        ("C/m²", "C/m2", 1.0),
        ("mC/m²", "mC/m2", 1e-3),
        ("µC/m²", "uC/m2", 1e-6),
        ("nC/m²", "nC/m2", 1e-9),
    ),
    "K": (("K", "K", 1.0), ("mK", "mK", 1e-3), ("µK", "uK", 1e-6)),
}

POWERS = {"ħ": (r"\hbar", "hbar"), "Å²": (r"\mathrm{\AA}^2", "angstrom2")}
"""Units shown with powers of ten: mathtext without dollars, and ASCII; any other as it is."""

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_NAMES = {"hbar": "ħ", "angstrom": "Å"}
_ASCII = re.compile(r"\b(hbar|angstrom)\b|\bu(?=(?:C|eV|K)\b)|\^(-?\d+)")


@dataclass(frozen=True)
class Unit:
    """A display unit: label for axes, ASCII for tables, size in the unit of the dataset.

    text : str, as the label without mathtext; "10⁻³ ħ" of a power of ten
    """

    label: str
    ascii: str
    size: float
    text: str = ""

    @property
    def around(self):
        """What stands before and after "value ± error"."""
        return ("(", f") × {self.text}") if self.text.startswith("10") else ("", f" {self.text}")


def robust_limit(values):
    """|X| that all but the most extreme half percent of the cells stay below; 1 for a zero map."""
    limit = float(np.quantile(np.abs(values), 0.995))
    return limit if limit > 0 else 1.0


def display_unit(limit, family, dataset_unit):
    """The unit in which numbers up to a limit are shown.

    limit : float > 0, in the unit of the dataset
    family : str, a value of FAMILIES or a unit of its own
    dataset_unit : float, the dataset's unit in the family's
    """
    if family in PREFIXES:
        return _prefixed(limit, family, dataset_unit)
    return _power_of_ten(limit, family)


def of_dataset(unit, limit):
    """The display unit of numbers up to a limit in the unit of a dataset, by its name."""
    return display_unit(limit or 1.0, *FAMILIES.get(unit, (typeset(unit), 1.0)))


def typeset(text):
    """A text with the names of units, and powers, as they are written: uC/m^2 is µC/m²."""
    return _ASCII.sub(_typeset, text)


def _typeset(found):
    name, power = found.groups()
    if name:
        return _NAMES[name]
    return power.translate(_RAISED) if power else "µ"


def _prefixed(limit, family, dataset_unit):
    """The largest prefixed unit in which `limit` (in the dataset's unit) is at least one."""
    ladder = PREFIXES[family]
    if family == "C/m²" and 0.05 < limit * dataset_unit:
        chosen = ladder[0]
    else:
        chosen = next((u for u in ladder if limit * dataset_unit >= u[2]), ladder[-1])
    return Unit(chosen[0], chosen[1], chosen[2] / dataset_unit, chosen[0])


def _power_of_ten(limit, family):
    """A power of ten of a unit in which `limit` lies between 1 and 10; the unit when it does."""
    label, plain = POWERS.get(family, (rf"\mathrm{{{family}}}", family))
    exponent = int(np.floor(np.log10(limit)))
    if exponent == 0:
        return Unit(f"${label}$", plain, 1.0, family)
    return Unit(
        rf"$10^{{{exponent}}}\,{label}$",
        f"1e{exponent} {plain}",
        10.0**exponent,
        f"10{str(exponent).translate(_RAISED)} {family}",
    )
