"""What an experiment would see, and the campaign's own profile beside it (tables/experiment)."""

import numpy as np

from ferronhall.base import units
from ferronhall.model.cells import Cells
from ferronhall.model.response_maps import HALL_RESPONSES, RESPONSE_MAPS
from ferronhall.model.statistics import SUFFIX
from ferronhall.results import average_crystal
from ferronhall.results.tables.laboratory import coefficient
from ferronhall.results.tables.table import Table

LENGTH = 1e-6
"""Of the sample along x (m), for the voltage."""

COLUMNS = [
    "setting",
    "T0 (K)",
    "quantity",
    "unit",
    "classical",
    "quantum",
    "over linear, classical",
    "over linear, quantum",
    "assumes",
]

ASSUMES = {
    "L_z": "no field; per cell at the edge",
    "Δ_B KE": "per cell at the edge",
    "Δ_B T": "Δ_B KE over dKE/dT of a cell at T0",
    "Δ_B P": "a single domain along x; the opposite polarizations of the two faces make no field",
    "bound charge": "Δ_B P over half of the slab: per metre along z, at its end along x",
    "voltage": "between the ends of an edge along x as if it were a plate by itself, without free "
    "charge: the most there can be",
}
OWN = {
    "linear": "every cell takes the coefficients of T0 times its own dT/dx",
    "weak field": "the profile itself, to first order in the field and in the temperature",
    "in full": "the closure of theory.nc",
}


def table(parameters, theory, laboratory):
    """The experiment at every T₀, then the campaign's own profile, linear and in full."""
    cells = Cells.of(parameters)
    lattice_constant = float(parameters["lattice_constant"]) * units.ANGSTROM
    attrs = laboratory.attrs
    setting = (
        f"{attrs['moment_muB']:g} µ_B, {attrs['field_T']:g} T, {attrs['gradient_K_per_m']:g} K/m"
    )
    rows = []
    for T0 in laboratory["temperature"].values:
        at = laboratory.sel(temperature=T0)
        columns = [
            _experiment(at.sel(statistics=s), cells, lattice_constant, attrs)
            for s in at["statistics"].values
        ]
        for (name, unit), *values in zip(columns[0], *(c.values() for c in columns), strict=True):
            found = [None if v != v else v for v in values]
            rows.append([setting, float(T0), name, unit, *found, None, None, ASSUMES[name]])
    T0 = attrs["flank_temperature_K"]
    if T0 in laboratory["temperature"]:
        at = laboratory.sel(temperature=T0)
        rows += _own_rows(attrs, float(T0), theory, at, cells, lattice_constant)
    title = f"What an experiment would see of campaign {attrs['campaign']}"
    return Table(title, COLUMNS, rows, NOTES + average_crystal.notes(laboratory))


NOTES = [
    "Settings with a gradient in K/m: tables/laboratory times field and gradient, T rising along "
    "+x, accumulated at the face y > 0. Voltage: over 1 µm, of which 10⁷ K/m makes 10 K.",
    "Campaign: edge accumulation of its own profile, mean of sign(x) sign(y) X, so that T falls "
    "with |x| and signs are reversed; bound charge of half of the slab, mean over the flank. T0 is "
    "the mean of T_hot and T_cold. Weak field over linear: what a profile narrower than the "
    "phonons' mean free path leaves; in full over weak field: what the field does beyond its first "
    "order.",
    "Sources of heat, leads, domains, strain and free charge are not part of it; every cell leaks "
    "heat into its bath at the model's damping, which bounds the mean free path.",
]


def _experiment(content, cells, lattice_constant, attrs):
    """(quantity, unit) → value for one T₀ and statistics."""
    field, gradient = attrs["omega_B_rad_per_ps"], attrs["gradient_K_per_m"]
    turning, energy, polarization = (
        gradient * coefficient(content, name, cells, "edge")[0]
        for name in ("angular_momentum", "kinetic_energy", "polarization")
    )
    energy, polarization = field * energy, field * polarization
    half = gradient * field * coefficient(content, "polarization", cells, "half")[0]
    heat = float(content["heat"].values[cells.edge].mean())
    opposing = polarization / (units.VACUUM_PERMITTIVITY * float(content["permittivity"]))
    return {
        ("L_z", "hbar"): turning,
        ("Δ_B KE", "neV"): energy * units.MICRO,
        ("Δ_B T", "µK"): energy / heat * units.MICRO,
        ("Δ_B P", "nC/m^2"): polarization * 1e9,
        ("bound charge", "C/m"): half * lattice_constant,
        ("voltage", "µV"): opposing * LENGTH * units.MICRO,
    }


def _own_rows(attrs, T0, theory, at, cells, lattice_constant):
    """The campaign's edge accumulations: linear, in a weak field, and in full."""
    own = f"campaign, {attrs['own_omega_B_rad_per_ps']:g} rad/ps, "
    own += f"{attrs['own_gradient_K_per_m']:.2g} K/m at most"
    found = {kind: [] for kind in OWN}
    for statistics in at["statistics"].values:
        here = at.sel(statistics=statistics)
        heat = float(here["heat"].values[cells.edge].mean())
        for kind, prefix in (("linear", "linear"), ("weak field", "weak")):
            maps = {name: here[f"{prefix}_{name}"].values for name in HALL_RESPONSES}
            found[kind].append(_own(maps, heat, cells, lattice_constant))
        maps = {}
        for name in HALL_RESPONSES:
            response = RESPONSE_MAPS[name]
            maps[name] = response.take(theory[f"{response.observable}{SUFFIX[statistics]}"].values)
        found["in full"].append(_own(maps, heat, cells, lattice_constant))
    rows = []
    for kind, assumes in OWN.items():
        for key in found[kind][0]:
            values = [None if v != v else v for v in (each[key] for each in found[kind])]
            linear = [each[key] for each in found["linear"]]
            ratios = [
                None if kind == "linear" or v is None or not abs(whole) > 0 else v / whole
                for v, whole in zip(values, linear, strict=True)
            ]
            rows.append([f"{own}, {kind}", T0, *key, *values, *ratios, assumes])
    return rows


def _own(maps, heat, cells, lattice_constant):
    edges = [float(cells.edge_accumulation(maps[name])) for name in HALL_RESPONSES]
    # of either flank, the half at y > 0 less that at y < 0
    columns = np.sign(cells.x) * cells.flank / cells.flank.sum()
    half = float(columns @ maps["delta_polarization"] @ np.sign(cells.y)) / 2
    return {
        ("L_z", "hbar"): edges[0],
        ("Δ_B KE", "neV"): edges[1] * units.MICRO,
        ("Δ_B T", "µK"): edges[1] / heat * units.MICRO,
        ("Δ_B P", "nC/m^2"): edges[2] * 1e3,
        ("bound charge", "C/m"): half / units.MICRO * lattice_constant,
    }
