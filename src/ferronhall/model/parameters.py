"""From a configuration to the model: everything a trajectory needs, as one dataset."""

import json
from dataclasses import dataclass

import numpy as np
import xarray as xr

from ferronhall.base import provenance
from ferronhall.model import short_range, stability
from ferronhall.model.geometry import HotBand, Slab, Sponge, edges
from ferronhall.model.material import Material, model_content, read_material
from ferronhall.model.slab_operator import SlabOperator


@dataclass(frozen=True)
class Model:
    """Material, slab and couplings; the bath's temperature T(x) (K) and damping γ(y) (1/ps)."""

    material: Material
    slab: Slab
    operator: SlabOperator
    temperature: np.ndarray
    damping: np.ndarray


def substep(config):
    """h = dt/substeps (ps)."""
    return config["time"]["dt_ps"] / config["time"]["substeps"]


def build_model(config, material):
    """The model of a validated configuration; ConfigError when preset and dipoles do not match."""
    slab = Slab.from_config(config)
    dipole = config["dipole"]
    name = config["short_range"]["preset"]
    preset = short_range.choose(material.short_range, name, dipole["kernel"], dipole["eta_a"])
    kernel = short_range.kernel(preset.shells)
    return Model(
        material=material,
        slab=slab,
        operator=SlabOperator.build(slab, material, kernel, dipole["kernel"], dipole["eta_a"]),
        temperature=HotBand.from_config(config).temperature(slab),
        damping=Sponge.from_config(config).damping(slab),
    )


def cells(config):
    """Coordinates of the cells, and which of them are flank and edge, as a dataset.

    config : dict, validated
    returns : Dataset with coordinates x, y, and the masks flank, shape (nx,), and edge, shape (ny,)
    """
    slab = Slab.from_config(config)
    flank = HotBand.from_config(config).flanks(slab)
    label = "columns of the hot band's flanks"
    return xr.Dataset(
        {
            "flank": ("x", flank, {"units": "", "long_name": label}),
            "edge": (
                "y",
                edges(slab),
                {"units": "", "long_name": "outermost layers of both faces"},
            ),
        },
        coords={
            "x": ("x", slab.x, {"units": "cells", "long_name": "x from the hot band's centre"}),
            "y": ("y", slab.y, {"units": "cells", "long_name": "y from the slab's centre"}),
        },
    )


def parameters_dataset(config):
    """Model and stability report as a dataset (parameters.nc).

    config : dict, validated
    raises : ConfigError, UnstableKernelError
    """
    content = model_content(read_material(config["material"]))
    material = Material.from_dict(content)
    model = build_model(config, material)
    shells = material.short_range[config["short_range"]["preset"]].shells
    dipoles = config["dipole"]
    bonds = short_range.kernel(shells)
    omega_B = config["field"]["omega_B_rad_per_ps"]
    report = stability.preflight(model.operator, material, substep(config), omega_B)
    stability.preflight_bulk(material, bonds, dipoles["kernel"], dipoles["eta_a"])
    slab, mode = model.slab, material.mode
    axes = ["x", "y", "z"]
    neighbours = [-1, 0, 1]
    variables = {
        "temperature": (("x",), model.temperature, "K", "bath temperature"),
        "damping": (("y",), model.damping, "1/ps", "Langevin damping"),
        "eigenvector": (
            ("component", "atom", "axis"),
            mode.eigenvector,
            "1",
            "displacement pattern of the local mode",
        ),
        "position": (("atom", "axis"), mode.positions, "lattice constant", "atomic position"),
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
            bonds,
            "eV/angstrom^2",
            "K_sr(R)",
        ),
        "u0": ((), material.onsite.amplitude, "angstrom", "well amplitude"),
        "P0": ((), material.polarization, "C/m^2", "polarization at u0"),
        "lattice_constant": ((), material.lattice_constant, "angstrom", "cubic lattice constant"),
        "hessian_smallest": ((), report.smallest, "eV/angstrom^2", "smallest Hessian eigenvalue"),
        "omega_max": ((), report.omega_max, "rad/ps", "highest mode frequency at u0"),
    }
    return xr.Dataset(
        {
            name: (dims, values, {"units": unit, "long_name": label})
            for name, (dims, values, unit, label) in variables.items()
        },
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
            "material": json.dumps(content),
            "nx": slab.nx,
            "ny": slab.ny,
            "nz": slab.nz,
            "padded_layers": slab.padding,
            "T_hot_K": config["temperature"]["T_hot_K"],
            "T_cold_K": config["temperature"]["T_cold_K"],
            "hot_fraction": config["temperature"]["hot_fraction"],
            "smoothing_fraction": config["temperature"]["smoothing_fraction"],
            "omega_B_rad_per_ps": config["field"]["omega_B_rad_per_ps"],
            "field_direction": np.array(config["field"]["direction"], float),
            "preset": config["short_range"]["preset"],
            "dipole_kernel": config["dipole"]["kernel"],
            "omega_max_h": report.omega_h,
            "smallest_eigenvalue_wave_vector": np.array(report.wave_vector),
            "stability_warning": report.warning,
        },
    ).merge(cells(config))


def model_of(parameters):
    """The model that a parameters dataset describes."""
    material = Material.from_dict(json.loads(parameters.attrs["material"]))
    return build_model(json.loads(parameters.attrs["config"]), material)
