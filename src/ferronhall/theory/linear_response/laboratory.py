"""Responses to a weak gradient and field as coefficients in laboratory units (laboratory.nc)."""

from dataclasses import replace

import numpy as np
import xarray as xr

from ferronhall.base import provenance, units
from ferronhall.base.errors import TheoryError
from ferronhall.model.field import Field, splitting
from ferronhall.model.response_maps import HALL_RESPONSES, RESPONSE_MAPS
from ferronhall.model.statistics import STATISTICS
from ferronhall.theory.linear_response.weak_gradient import OMEGA, WeakGradient
from ferronhall.theory.mean_field import StaticResponse
from ferronhall.theory.solver import Solver, observable_maps

_ODD = "m/K ps/rad"
_UNITS = {
    "angular_momentum": ("hbar m/K", "L_z without field"),
    "kinetic_energy": (f"meV {_ODD}", "field-odd kinetic energy"),
    "polarization": (f"C/m^2 {_ODD}", "field-odd polarization"),
    "fluctuation": (f"angstrom^2 {_ODD}", "field-odd <w_x^2>"),
}
"""Fields of weak_gradient.Response, per K/m and, where odd in the field, per rad/ps."""


def laboratory_dataset(model, config, threads=1, log=print):
    """Coefficients at every T₀, and what they make of the campaign's own profile (laboratory.nc).

    config : dict, the laboratory's part of the configuration
    returns : Dataset with dims (temperature, statistics, y); a T₀ more than laboratory names is the
        campaign's mean of T_hot and T_cold, that of its flanks; failure holds why a T₀ has none.
        What the coefficients of the flanks make of the campaign's own profile is linear_<map>, and
        weak_<map> the profile's harmonic theory in a weak field, times what the own field is larger
    """
    model.require_theory()
    section, band = config["laboratory"], config["temperature"]
    flank = (band["T_hot_K"] + band["T_cold_K"]) / 2
    temperatures = sorted({*section["temperatures_K"], flank} - {0.0})
    dims = ("temperature", "statistics")
    shape, ny = (len(temperatures), len(STATISTICS)), model.slab.ny
    values = {f"{n}{e}": np.full((*shape, ny), np.nan) for n in _UNITS for e in _ENDINGS}
    heat, permittivity = np.full((*shape, ny), np.nan), np.full(shape, np.nan)
    failure = np.full(shape, "", object)
    linear = {n: np.full((len(STATISTICS), model.slab.nx, ny), np.nan) for n in HALL_RESPONSES}
    gradient = WeakGradient(model, threads=threads, log=log)
    metre = model.material.lattice_constant * units.ANGSTROM
    for place in np.ndindex(shape):
        T0, statistics = temperatures[place[0]], STATISTICS[place[1]]
        log(f"response to a weak gradient about {T0:g} K, {statistics}")
        try:
            reference = gradient.reference(statistics, T0)
            found = gradient.response(reference, statistics, T0)
        except TheoryError as error:
            failure[place] = str(error)
            log(f"{T0:g} K, {statistics}: no result, {error}")
            continue
        for name in _UNITS:
            for ending, part in zip(_ENDINGS, getattr(found, name), strict=True):
                values[f"{name}{ending}"][place] = part * metre
        heat[place], permittivity[place] = found.heat, found.permittivity
        if T0 == flank:
            for name, maps in linear_maps(model, gradient, reference, found).items():
                linear[name][place[1]] = maps
    own = {"linear": linear, "weak": weak_maps(model, threads, log)}
    variables = {name: ((*dims, "y"), part, _attributes(name)) for name, part in values.items()} | {
        "heat": ((*dims, "y"), heat, {"units": "meV/K", "long_name": "dKE/dT of a cell"}),
        "permittivity": (dims, permittivity, {"units": "1", "long_name": "static, along x"}),
        "failure": (dims, failure.astype(str), {"long_name": "why there is no result"}),
    }
    for kind, words in _OWN.items():
        for name, maps in own[kind].items():
            attributes = {"units": RESPONSE_MAPS[name].unit}
            attributes["long_name"] = f"{RESPONSE_MAPS[name].label}, {words}"
            variables[f"{kind}_{name}"] = (("statistics", "x", "y"), maps, attributes)
    return xr.Dataset(
        variables,
        coords={
            "temperature": ("temperature", temperatures, {"units": "K"}),
            "statistics": list(STATISTICS),
            **model.cells.coordinates,
        },
        attrs={
            **provenance.attributes(config),
            "flank_temperature_K": flank,
            "field_T": section["field_T"],
            "moment_muB": section["moment_muB"],
            "gradient_K_per_m": section["gradient_K_per_m"],
            "omega_B_rad_per_ps": splitting(section["moment_muB"], section["field_T"]),
            "own_omega_B_rad_per_ps": float(model.field.generator[1, 0]),
            "own_gradient_K_per_m": float(np.abs(_slope(model)).max() / metre),
        },
    )


_ENDINGS = ("", "_uncertainty")


_OWN = {"linear": "if it were linear and local", "weak": "if it were linear in the field"}


def _attributes(name):
    unit, label = _UNITS[name.removesuffix("_uncertainty")]
    words = "uncertainty of the coefficient" if name.endswith("_uncertainty") else "coefficient"
    return {"units": unit, "long_name": f"{words} of {label}"}


def linear_maps(model, gradient, reference, response):
    """HALL_RESPONSES if every cell of the campaign took the coefficients times dT/dx there.

    The polarization answers through the slab's whole static response, depolarizing field included.
    """
    slope, omega = _slope(model), model.field.generator[1, 0]
    spread = np.multiply.outer(slope, response.spread[0]).swapaxes(0, 1) * omega
    force = np.stack(gradient.force(reference, spread))
    if not model.material.onsite.coupled:
        shift = StaticResponse(model, reference.stiffness)(force[0])
    else:
        shift = StaticResponse(model, reference.stiffness, 2)(force)[0]
    maps = {
        "angular_momentum_zero": np.outer(slope, response.angular_momentum[0]),
        "delta_kinetic_energy": np.outer(slope, response.kinetic_energy[0]) * omega,
        "delta_polarization": shift * model.material.polarization_derivative[0, 0],
    }
    return {name: RESPONSE_MAPS[name].scale * values for name, values in maps.items()}


def weak_maps(model, threads=1, log=print):
    """HALL_RESPONSES in a weak field, scaled to the campaign's, shape (statistics, nx, ny)."""
    weak = replace(model, field=Field(OMEGA, (0.0, 0.0, 1.0)))
    found = {name: [] for name in HALL_RESPONSES}
    for solution in Solver(weak, threads, log).harmonic(STATISTICS):
        maps = observable_maps(weak, solution.states, solution.means)
        for name in HALL_RESPONSES:
            response = RESPONSE_MAPS[name]
            larger = model.field.generator[1, 0] / OMEGA if response.delta else 1.0
            found[name].append(larger * response.take(maps[response.observable]))
    return found


def _slope(model):
    """dT/dx of the campaign's profile (K/cell), from one column's neighbours, shape (nx,)."""
    return (np.roll(model.temperature, -1) - np.roll(model.temperature, 1)) / 2
