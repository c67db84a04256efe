"""Tables S2, S3, S4, S7 and S9: what the model uses, first principles, and published values."""

import json

import numpy as np

from ferronhall.base import units
from ferronhall.crystals.phonons.double_well import WellFit
from ferronhall.model.material import Material
from ferronhall.results.tables import rounding
from ferronhall.results.tables.table import Table, deviation

COLUMNS = [
    "quantity",
    "unit",
    "model",
    "first principles",
    "published",
    "deviation (%)",
    "note",
]
_INPUT = "input of the model"
_UNUSED = "the model screens with ε∞ alone"
_RESPONSE = "unstable modes count negative"


class _Rows:
    """Collects rows, looking the published value up by its key."""

    def __init__(self, content):
        self.published = content.get("published", {})
        self.rows = []

    def add(self, quantity, unit, model, key, note="", computed=None):
        """A row; the deviation is that of first principles, or of the model without them."""
        printed = self.published.get(key)
        printed = None if printed is None else float(printed)
        best = model if computed is None else computed
        off = deviation(best, printed)
        self.rows.append([quantity, unit, model, computed, printed, off, note])


class _FirstPrinciples:
    """What phonons.nc holds, or nothing: every attribute is None without data."""

    def __init__(self, phonons):
        self.data = phonons
        self.material = None
        if phonons is not None:
            self.material = Material.from_dict(json.loads(phonons.attrs["local_mode"]))

    def number(self, name, *indices):
        """An element of a variable as a float; None where there is none."""
        if self.data is None or name not in self.data:
            return None
        return float(self.data[name].values[indices])

    def of(self, quantity):
        """A quantity of the local mode made of the data alone."""
        return None if self.material is None else float(quantity(self.material))


def _table(number, subject, fill):
    """A builder: content of the material in a campaign, phonons where it has data → Table."""

    def build(content, phonons=None):
        rows = _Rows(content)
        fill(rows, Material.from_dict(content), _FirstPrinciples(phonons))
        notes = [f"Source of the model's inputs: {content['source']}."]
        differ = (
            " They differ from the published ones in potentials, cutoff, k mesh and method, see "
            "Table S1."
        )
        if phonons is None:
            notes.append("The material file names no first-principles data.")
        else:
            known = any(row[COLUMNS.index("published")] is not None for row in rows.rows)
            notes.append(f"First principles: {phonons.attrs['source']}.{differ if known else ''}")
        title = f"Table {number}: {subject} of {content['name']}"
        formats = {"deviation (%)": rounding.deviation}
        return Table(title, COLUMNS, rows.rows, notes, formats=formats)

    return build


def _structure(rows, material, first):
    a, c = (first.number("tetragonal_lattice", axis) for axis in (0, 2))
    ratio, volume = (None, None) if a is None else (c / a, a**2 * c)
    rows.add(
        "a, cubic",
        "Å",
        material.lattice_constant,
        "lattice_constant",
        _INPUT,
        first.of(lambda m: m.lattice_constant),
    )
    rows.add(
        "Ω, cubic",
        "Å³",
        material.cell_volume,
        "cell_volume",
        "a³",
        first.of(lambda m: m.cell_volume),
    )
    rows.add(
        "P_s, model",
        "C/m²",
        material.polarization,
        "model_polarization",
        "(∂P/∂u) u0",
        first.of(lambda m: m.polarization),
    )
    rows.add("a, tetragonal", "Å", None, "tetragonal_a", "", a)
    rows.add("c, tetragonal", "Å", None, "tetragonal_c", "", c)
    rows.add("c/a, tetragonal", "1", None, "tetragonal_ratio", "", ratio)
    rows.add("Ω, tetragonal", "Å³", None, "tetragonal_volume", "", volume)
    rows.add(
        "P_s, tetragonal, Berry phase",
        "C/m²",
        None,
        "berry_polarization",
        "end of the switching path",
        first.number("berry_polarization"),
    )


def _dielectric(rows, material, first):
    for axis, name in enumerate("xyz"):
        value = float(material.dielectric[axis, axis])
        computed = first.number("cubic_dielectric", axis, axis)
        rows.add(f"ε∞,{name}{name}, cubic", "1", value, "dielectric_electronic", _INPUT, computed)
    electronic = first.number("cubic_dielectric", 0, 0)
    ionic = first.number("cubic_dielectric_ionic", 0, 0)
    total = None if ionic is None else electronic + ionic
    rows.add("ε_ion, cubic", "1", None, "dielectric_ionic", _RESPONSE, ionic)
    rows.add("ε∞ + ε_ion, cubic", "1", None, "dielectric_total", _UNUSED, total)
    for axis in (0, 2):
        name = "xyz"[axis] * 2
        for kind, key in (("ε∞", "dielectric"), ("ε_ion", "dielectric_ionic")):
            computed = first.number(f"tetragonal_{key}", axis, axis)
            note = _RESPONSE if kind == "ε_ion" else ""
            rows.add(
                f"{kind},{name}, tetragonal", "1", None, f"tetragonal_{key}_{name}", note, computed
            )


def _born_charges(rows, material, first):
    mode = material.mode
    for atom, (label, charge) in enumerate(zip(mode.labels, mode.born_charges, strict=True)):
        for axis, name in enumerate("xyz"):
            key = f"born_charge_{label}"
            if label.startswith("O"):
                # the bond of an oxygen to its B cation is the axis on which its charge stands out
                along = np.argmax(np.abs(np.diag(charge))) == axis
                key = f"born_charge_O_{'parallel' if along else 'perpendicular'}"
            computed = first.number("cubic_born_charge", atom, axis, axis)
            model = float(charge[axis, axis])
            rows.add(f"Z*_{name}{name}({label}), cubic", "e", model, key, _INPUT, computed)
    total = mode.born_charges.sum(axis=0)
    for axis, name in enumerate("xyz"):
        rows.add(f"Σ Z*_{name}{name}", "e", float(total[axis, axis]), "", "acoustic sum rule: 0")
    for atom, label in enumerate(mode.labels):
        for axis, name in enumerate("xyz"):
            computed = first.number("tetragonal_born_charge", atom, axis, axis)
            key = f"tetragonal_born_charge_{label}_{name}{name}"
            if computed is not None or key in rows.published:
                rows.add(f"Z*_{name}{name}({label}), tetragonal", "e", None, key, "", computed)


def _soft_mode(rows, material, first):
    mode = material.mode
    z = 2
    for s, label in enumerate(mode.labels):
        computed = first.of(lambda m, s=s: m.mode.eigenvector[z, s, z])
        value = float(mode.eigenvector[z, s, z])
        rows.add(f"v_z({label})", "1", value, f"mode_{label}", _INPUT, computed)
    for s, label in enumerate(mode.labels):
        value, computed = (
            given(lambda m, s=s: m.mode.born_charges[s, z, z] * m.mode.eigenvector[z, s, z])
            for given in (lambda quantity: float(quantity(material)), first.of)
        )
        key = f"charge_share_{label}"
        rows.add(f"Z*_zz v_z({label})", "e", value, key, "share of Z_zz", computed)
    computed = first.of(lambda m: m.mode.charge[z, z])
    rows.add("Z_zz", "e", float(mode.charge[z, z]), "mode_charge", "total", computed)


def _local_mode(rows, material, first):
    berry = rows.published.get("berry_polarization")
    mismatch = None if berry is None else 100 * (material.polarization / berry - 1)
    own_berry = first.number("berry_polarization")
    own_mismatch = first.of(lambda m: 100 * (m.polarization / own_berry - 1))
    for quantity, unit, value, key, note in (
        ("Ω", "Å³", lambda m: m.cell_volume, "cell_volume", ""),
        ("ε∞", "1", lambda m: m.dielectric[0, 0], "dielectric_electronic", _INPUT),
        ("Z", "e", lambda m: m.mode.charge[0, 0], "mode_charge", ""),
        (
            "∂P/∂u",
            "C m⁻² Å⁻¹",
            lambda m: m.polarization_derivative[0, 0],
            "polarization_derivative",
            "Z/Ω, Eq. S14",
        ),
        ("u0", "Å", lambda m: m.onsite.amplitude, "well_amplitude", _INPUT),
        ("model polarization", "C/m²", lambda m: m.polarization, "model_polarization", ""),
        ("ΔE_b", "meV", lambda m: m.onsite.barrier * units.MEV, "barrier", _INPUT),
        *_WELLS[len(material.onsite.fluctuating)],
        ("k∥", "eV/Å²", lambda m: m.onsite.stiffness, "", "Eq. S49"),
        ("a∥", "eV/Å³", lambda m: m.onsite.cubic_anharmonicity, "", "Eq. S50"),
        ("M", "amu", lambda m: m.mode.mass[0, 0], "", "mode mass, a multiple of the unit matrix"),
        (
            "Λ^z_xy = −Λ^z_yx",
            "amu",
            lambda m: m.mode.angular_momentum_matrices[2, 0, 1],
            "",
            "projected angular-momentum matrix",
        ),
    ):
        # a cubic well is not what the first-principles path gives
        computed = None if note == _CUBIC else first.of(value)
        rows.add(quantity, unit, float(value(material)), key, note, computed)
    rows.add(
        "polarization mismatch",
        "%",
        mismatch,
        "polarization_mismatch",
        "against the Berry phase",
        own_mismatch,
    )
    residual = first.number("projection_residual")
    rows.add(
        "projection residual",
        "1",
        None,
        "projection_residual",
        "S18, translations taken out",
        residual,
    )
    error = first.number("quartic_error")
    rows.add("RMSE of the quartic", "meV", None, "well_rmse", "against the path", error)
    if first.data is not None:
        error = first.number("sextic_error")
        fit = WellFit(tuple(first.data["sextic"].values), error / units.MEV)
        for value, name, unit in zip(
            fit.coefficients, ("A2", "B4", "C6"), ("eV/Å²", "eV/Å⁴", "eV/Å⁶"), strict=True
        ):
            note = "unbounded" if name == "C6" and not fit.bounded else ""
            rows.add(f"{name}, unconstrained sextic fit", unit, None, "", note, float(value))
        rows.add("RMSE of the sextic fit", "meV", None, "", "not used in the model", error)


_CUBIC = "onsite.form: cubic"

_AXIAL_WELL = (
    ("A2", "eV/Å²", lambda m: m.onsite.quadratic, "A2", "from u0, ΔE_b and C6"),
    ("B4", "eV/Å⁴", lambda m: m.onsite.quartic, "B4", "from u0, ΔE_b and C6"),
    ("C6", "eV/Å⁶", lambda m: m.onsite.sextic, "C6", _INPUT),
    ("κ⊥", "eV/Å²", lambda m: m.onsite.transverse, "transverse_stiffness", _INPUT),
)
_CUBIC_WELL = (
    ("κ along x", "eV/Å²", lambda m: m.onsite.strained[0], "", _CUBIC),
    ("κ across x", "eV/Å²", lambda m: m.onsite.strained[1], "", _CUBIC),
    ("α", "eV/Å⁴", lambda m: m.onsite.alpha, "", _CUBIC),
    ("γ", "eV/Å⁴", lambda m: m.onsite.gamma, "", _CUBIC),
    ("k1", "eV/Å⁶", lambda m: m.onsite.k1, "", _CUBIC),
    ("k2", "eV/Å⁶", lambda m: m.onsite.k2, "", _CUBIC),
    ("k3", "eV/Å⁶", lambda m: m.onsite.k3, "", _CUBIC),
    ("k4", "eV/Å⁸", lambda m: m.onsite.k4, "", _CUBIC),
    ("κ⊥", "eV/Å²", lambda m: m.onsite.transverse, "transverse_stiffness", _CUBIC),
    ("V_xyy", "eV/Å³", lambda m: m.onsite.mean_third(m.onsite.equilibrium)[1], "", _CUBIC),
)
_WELLS = {1: _AXIAL_WELL, 3: _CUBIC_WELL}
"""Rows of Table S9 by the number of components that the well couples."""

TABLES = {
    "tableS2": _table("S2", "structure and polarization", _structure),
    "tableS3": _table("S3", "dielectric tensors", _dielectric),
    "tableS4": _table("S4", "Born effective charges", _born_charges),
    "tableS7": _table("S7", "soft-mode eigenvector and mode charge", _soft_mode),
    "tableS9": _table("S9", "local mode and on-site potential", _local_mode),
}
