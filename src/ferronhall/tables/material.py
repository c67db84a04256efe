"""Tables S2, S3, S4, S7 and S9: every quantity computed here beside its published value."""

import json

import numpy as np

from ferronhall import units
from ferronhall.material import Material
from ferronhall.tables.table import Table

COLUMNS = ["quantity", "unit", "computed here", "published", "deviation (%)", "note"]
_INPUT = "input"
_TETRAGONAL = "not computed: needs first-principles data of the tetragonal phase"
_PATH = "not computed: needs the points of the first-principles switching path"


class _Rows:
    """Collects rows, looking the published value up by its key."""

    def __init__(self, content):
        self.published = content.get("published", {})
        self.rows = []

    def add(self, quantity, unit, value, key, note=""):
        printed = self.published.get(key)
        printed = None if printed is None else float(printed)
        deviation = None
        if value is not None and printed:
            deviation = 100 * (value - printed) / abs(printed)
        self.rows.append([quantity, unit, value, printed, deviation, note])


def _table(number, subject, fill):
    """A builder: parameters dataset → Table."""

    def build(parameters):
        content = json.loads(parameters.attrs["material"])
        rows = _Rows(content)
        fill(rows, Material.from_dict(content))
        title = f"Table {number}: {subject} of {content['name']}"
        return Table(title, COLUMNS, rows.rows, [f"Source of the inputs: {content['source']}."])

    return build


def _structure(rows, material):
    rows.add("a, cubic", "Å", material.lattice_constant, "lattice_constant", _INPUT)
    rows.add("Ω, cubic", "Å³", material.cell_volume, "cell_volume", "a³")
    rows.add("P_s, model", "C/m²", material.polarization, "model_polarization", "(∂P/∂u) u0")
    rows.add("a, tetragonal", "Å", None, "tetragonal_a", _TETRAGONAL)
    rows.add("c, tetragonal", "Å", None, "tetragonal_c", _TETRAGONAL)
    rows.add("c/a, tetragonal", "1", None, "tetragonal_ratio", _TETRAGONAL)
    rows.add("Ω, tetragonal", "Å³", None, "tetragonal_volume", _TETRAGONAL)
    rows.add("P_s, tetragonal, Berry phase", "C/m²", None, "berry_polarization", _TETRAGONAL)


def _dielectric(rows, material):
    for axis, name in enumerate("xyz"):
        value = float(material.dielectric[axis, axis])
        rows.add(f"ε∞,{name}{name}, cubic", "1", value, "dielectric_electronic", _INPUT)
    unused = "not computed: the model screens with ε∞ alone"
    rows.add("ε_ion, cubic", "1", None, "dielectric_ionic", unused)
    rows.add("ε∞ + ε_ion, cubic", "1", None, "dielectric_total", unused)


def _born_charges(rows, material):
    mode = material.mode
    for label, charge in zip(mode.labels, mode.born_charges, strict=True):
        for axis, name in enumerate("xyz"):
            key = f"born_charge_{label}"
            if label.startswith("O"):
                # the bond of an oxygen to its B cation is the axis on which its charge stands out
                along = np.argmax(np.abs(np.diag(charge))) == axis
                key = f"born_charge_O_{'parallel' if along else 'perpendicular'}"
            rows.add(f"Z*_{name}{name}({label})", "e", float(charge[axis, axis]), key, _INPUT)
    total = mode.born_charges.sum(axis=0)
    for axis, name in enumerate("xyz"):
        rows.add(f"Σ Z*_{name}{name}", "e", float(total[axis, axis]), "", "acoustic sum rule: 0")


def _soft_mode(rows, material):
    mode = material.mode
    z = 2
    for s, label in enumerate(mode.labels):
        rows.add(f"v_z({label})", "1", float(mode.eigenvector[z, s, z]), f"mode_{label}", _INPUT)
    for s, label in enumerate(mode.labels):
        share = float(mode.born_charges[s, z, z] * mode.eigenvector[z, s, z])
        rows.add(f"Z*_zz v_z({label})", "e", share, f"charge_share_{label}", "share of Z_zz")
    rows.add("Z_zz", "e", float(mode.charge[z, z]), "mode_charge", "total")


def _local_mode(rows, material):
    mode, well = material.mode, material.onsite
    berry = rows.published.get("berry_polarization")
    mismatch = None if berry is None else 100 * (material.polarization / berry - 1)
    derivative = float(material.polarization_derivative[0, 0])
    mass = float(mode.mass[0, 0])
    spin = float(mode.angular_momentum_matrices[2, 0, 1])
    rows.add("Ω", "Å³", material.cell_volume, "cell_volume")
    rows.add("ε∞", "1", float(material.dielectric[0, 0]), "dielectric_electronic", _INPUT)
    rows.add("Z", "e", float(mode.charge[0, 0]), "mode_charge")
    rows.add("∂P/∂u", "C m⁻² Å⁻¹", derivative, "polarization_derivative", "Z/Ω, Eq. S14")
    rows.add("u0", "Å", well.amplitude, "well_amplitude", _INPUT)
    rows.add("projection residual", "1", None, "projection_residual", _PATH)
    rows.add("model polarization", "C/m²", material.polarization, "model_polarization")
    rows.add(
        "polarization mismatch", "%", mismatch, "polarization_mismatch", "against the Berry phase"
    )
    rows.add("ΔE_b", "meV", well.barrier * units.MEV, "barrier", _INPUT)
    rows.add("A2", "eV/Å²", well.quadratic, "A2", "from u0, ΔE_b and C6")
    rows.add("B4", "eV/Å⁴", well.quartic, "B4", "from u0, ΔE_b and C6")
    rows.add("C6", "eV/Å⁶", well.sextic, "C6", _INPUT)
    rows.add("RMSE of the quartic", "meV", None, "well_rmse", _PATH)
    rows.add("κ⊥", "eV/Å²", well.transverse, "transverse_stiffness", _INPUT)
    rows.add("k∥", "eV/Å²", well.stiffness, "", "Eq. S49")
    rows.add("a∥", "eV/Å³", well.cubic_anharmonicity, "", "Eq. S50")
    rows.add("M", "amu", mass, "", "mode mass, a multiple of the unit matrix")
    rows.add("Λ^z_xy = −Λ^z_yx", "amu", spin, "", "projected angular-momentum matrix")


TABLES = {
    "tableS2": _table("S2", "structure and polarization", _structure),
    "tableS3": _table("S3", "dielectric tensors", _dielectric),
    "tableS4": _table("S4", "Born effective charges", _born_charges),
    "tableS7": _table("S7", "soft-mode eigenvector and mode charge", _soft_mode),
    "tableS9": _table("S9", "local mode and on-site potential", _local_mode),
}
