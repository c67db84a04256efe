"""The pre-flight of a campaign: its model, and whether it is stable, as one dataset."""

import json

import numpy as np
import xarray as xr

from ferronhall.base import provenance
from ferronhall.model import bulk_stability, stability
from ferronhall.model.material import campaign_content
from ferronhall.model.model import Model
from ferronhall.model.observables import require_declared


def parameters_dataset(config):
    """Model and stability report as a dataset (parameters.nc), from which the model is read back.

    config : dict, validated
    raises : ConfigError, UnstableKernelError; DeclarationError
    """
    model = Model.from_config(config)
    require_declared(model.material)
    material, slab, mode = model.material, model.slab, model.material.mode
    report = stability.preflight_at_rest(model, model.h)
    bulk_stability.preflight_bulk(model.operator, material)
    axes = ["x", "y", "z"]
    neighbours = [-1, 0, 1]
    variables = {
        "temperature": (
            ("x", "y")[: model.temperature.ndim],
            model.temperature,
            "K",
            "bath temperature",
        ),
        "damping": (("y",), model.damping, "1/ps", "Langevin damping"),
        "eigenvector": (
            ("component", "atom", "axis"),
            mode.eigenvector,
            "1",
            "displacement pattern of the local mode",
        ),
        "position": (("atom", "axis"), mode.positions, "1", "atomic position in lattice constants"),
        "mass": (("atom",), mode.masses, "amu", "atomic mass"),
        "mode_charge": (("component", "axis"), mode.charge.T, "e", "mode effective charge Z"),
        "mode_mass": (("component", "component2"), mode.mass, "amu", "mode mass M"),
        "angular_momentum_matrix": (
            ("axis", "component", "component2"),
            mode.angular_momentum_matrices,
            "amu",
            "projected angular-momentum matrices",
        ),
        "short_range_kernel": (
            ("Rx", "Ry", "Rz", "component", "component2"),
            model.operator.bonds,
            "eV/angstrom^2",
            "K_sr(R)",
        ),
        "u0": ((), material.onsite.amplitude, "angstrom", "well amplitude"),
        "u_equilibrium": (
            (),
            material.onsite.equilibrium,
            "angstrom",
            "amplitude at rest in the electric field",
        ),
        "P0": ((), material.polarization, "C/m^2", "polarization at u0"),
        "lattice_constant": ((), material.lattice_constant, "angstrom", "cubic lattice constant"),
        "twin_stiffness": (
            ("y",) * np.ndim(model.twin_stiffness),
            model.twin_stiffness,
            "eV/angstrom^2",
            "on-site stiffness of the harmonic twin along x",
        ),
        "hessian_smallest": ((), report.smallest, "eV/angstrom^2", "smallest Hessian eigenvalue"),
        "omega_max": ((), report.omega_max, "rad/ps", "highest mode frequency at u0"),
    }
    if material.onsite.coupled:
        across = model.twin_transverse
        label = "on-site stiffness of the harmonic twin across x"
        variables["twin_transverse"] = ("y",) * np.ndim(across), across, "eV/angstrom^2", label
    if model.walls:
        label = "mean displacement along x at rest, with the domain walls"
        variables["rest"] = ("y",), model.rest, "angstrom", label
    if model.domain_map:
        cells = ("component", "x", "y", "z")
        label = "mean displacement at rest, with the domains of the map"
        variables["rest_state"] = cells, model.rest_state, "angstrom", label
    return xr.Dataset(
        {
            name: (dims, values, {"units": unit, "long_name": label})
            for name, (dims, values, unit, label) in variables.items()
        }
        | _map_variables(model),
        coords={
            "component": axes,
            "component2": axes,
            "axis": axes,
            "atom": list(mode.labels),
            "Rx": neighbours,
            "Ry": neighbours,
            "Rz": neighbours,
        },
        attrs={
            **provenance.attributes(config),
            "material": json.dumps(campaign_content(config)),
            "nx": slab.nx,
            "ny": slab.ny,
            "nz": slab.nz,
            "padded_layers": slab.padding,
            "isolated": int(slab.isolated),
            **_extremes(model, config),
            "temperature_profile": config["temperature"]["profile"],
            "hot_fraction": config["temperature"]["hot_fraction"],
            "smoothing_fraction": config["temperature"]["smoothing_fraction"],
            "omega_B_rad_per_ps": model.field.omega_B,
            "field_direction": np.array(model.field.direction, float),
            **model.mirrors.attributes,
            **({"walls_y": np.array(model.walls)} if model.walls else {}),
            **({"disorder": json.dumps(config["disorder"])} if model.disorder else {}),
            "substep_ps": model.h,
            "preset": config["short_range"]["preset"],
            "dipole_kernel": config["dipole"]["kernel"],
            "dipole_eta_a": config["dipole"]["eta_a"],
            **model.operator.boundary.attributes,
            **({"field_switched_on": 1} if model.field_switched_on else {}),
            "omega_max_h": report.omega_h,
            **_softest(report),
            "stability_warning": "; ".join(filter(None, (report.warning, _beyond(model)))),
        },
    ).merge(model.cells.dataset())


def _beyond(model):
    """What of the model the theory does not know, in one message."""
    return model.disorder.beyond_theory if model.disorder else model.beyond_theory


def _softest(report):
    """Wave vector of the smallest eigenvalue, where its mode has one."""
    if not report.wave_vector:
        return {}
    return {"smallest_eigenvalue_wave_vector": np.array(report.wave_vector)}


def _map_variables(model):
    """The map of the domains, from which DomainMap.of_dataset reads it back."""
    if not model.domain_map:
        return {}
    attrs = {
        "units": "1",
        "long_name": "sign of P along x as trajectories begin",
        "map": model.domain_map.name,
        "stripes": model.domain_map.axis,
    }
    return {"domain_sign": (("x", "y", "z"), model.domain_map.signs, attrs)}


def with_temperature(parameters, temperature):
    """Parameters with the bath's T(x, y) in place of what they have.

    temperature : DataArray, dims (x, y), K
    """
    values = temperature.transpose("x", "y").values
    variable = (("x", "y"), values, parameters["temperature"].attrs)
    return parameters.assign(temperature=variable)


def _extremes(model, config):
    """The hottest and the coldest bath as attributes; those of a map are its own."""
    if config["temperature"]["map"]:
        extremes = model.temperature.max(), model.temperature.min()
    else:
        extremes = (config["temperature"][key] for key in ("T_hot_K", "T_cold_K"))
    return dict(zip(("T_hot_K", "T_cold_K"), map(float, extremes), strict=True))
