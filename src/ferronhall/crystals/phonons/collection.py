"""Everything Fig. S1 and the tables need of the first-principles data, as phonons.nc."""

import json

import numpy as np
import xarray as xr

from ferronhall.base import provenance
from ferronhall.base.units import MEV
from ferronhall.crystals.phonons import dispersion
from ferronhall.crystals.phonons.dataset import read_first_principles
from ferronhall.crystals.phonons.double_well import (
    matched_quartic,
    project_displacement,
    sextic_fit,
)
from ferronhall.crystals.phonons.material_file import local_mode_content, short_range_fits
from ferronhall.crystals.phonons.material_report import notes
from ferronhall.crystals.phonons.projected_kernel import (
    asymmetry,
    centred_shares,
    literal_shares,
    projected_kernel,
)
from ferronhall.model.material import Material, read_material

_ALONG_Z, _ALONG_X = {"z": (0, 0, 1)}, {"x": (1, 0, 0)}


def phonons_dataset(config, data_file=None):
    """Lattice dynamics of a material (phonons.nc).

    config : dict, a validated configuration or its part material, whose file names first-principles
        data
    data_file : str, optional
        Where these lie, if not at the path the material gives.
    returns : Dataset. Per phase, `cubic_` and where there are data `tetragonal_`: the lattice, Born
        charges, dielectric tensors, frequencies at Γ (THz) and along the zone's lines without and
        with the dipoles. For the cubic one, branches of the local-mode model with every preset of
        the material, and how far its kernels are from the projected force constants. The switching
        path with its fits. The local mode made of the data alone stands in attrs["local_mode"].
    raises : ConfigError
    """
    content = read_material(config["material"])
    data = read_first_principles(data_file or content["first_principles"])
    material = Material.from_dict(content)
    variables = _phase("cubic", data.cubic, dispersion.CUBIC, _ALONG_Z)
    if data.tetragonal is not None:
        directions = _ALONG_Z | _ALONG_X
        variables |= _phase("tetragonal", data.tetragonal, dispersion.TETRAGONAL, directions)
    variables |= _local_mode(data, material) | _switching_path(data)
    dataset = xr.Dataset({name: _variable(*entry) for name, entry in variables.items()})
    dataset = dataset.assign_coords(preset=list(material.short_range))
    dataset.attrs = provenance.attributes(config) | {
        "material": content["name"],
        "source": data.content["source"],
        "notes": "\n".join(map(str, notes(data))),
        "local_mode": json.dumps(local_mode_content(data)),
        "settings": json.dumps(data.content.get("settings", {})),
        "published": json.dumps(content.get("published", {})),
    }
    return dataset


def _phase(name, dynamics, corners, directions):
    """Variables of one phase: name → (dims, values, unit, long name).

    directions : dict, name → along which q = 0 is approached
    """
    origin = np.zeros(3)
    lattice = np.diag(np.array(dynamics.cell.cell))
    found = {
        "lattice": (("axis",), lattice, "angstrom", "lattice constants"),
        "dielectric": (("axis", "axis2"), dynamics.dielectric, "1", "electronic dielectric tensor"),
        "dielectric_ionic": (
            ("axis", "axis2"),
            dynamics.ionic_dielectric(),
            "1",
            "ionic dielectric tensor, unstable modes negative",
        ),
        "born_charge": (("atom", "axis", "axis2"), dynamics.born, "e", "Born effective charges"),
        "gamma": (("mode",), dynamics.frequencies(origin), "THz", "frequencies at the zone centre"),
    }
    for label, direction in directions.items():
        values = dynamics.frequencies(origin, True, direction)
        found[f"gamma_{label}"] = (("mode",), values, "THz", f"frequencies for q → 0 along {label}")
    if min(dynamics.mesh) > 1:
        path = dispersion.zone_path(corners, dynamics.cell.cell)
        point = f"{name}_point"
        found |= {
            "wave_vector": ((point, "axis"), path.waves, "1", "wave vector, fractions"),
            "distance": ((point,), path.distance, "1/angstrom", "length along the path"),
            "corner": ((f"{name}_mark",), path.corners, "1/angstrom", "corners of the path"),
            "label": ((f"{name}_mark",), np.array(path.labels), None, "names of the corners"),
        }
        for key, with_dipoles in (("branches", False), ("branches_dipoles", True)):
            values = dispersion.crystal_branches(dynamics, path, with_dipoles)
            found[key] = ((point, "mode"), values, "THz", "frequencies along the path")
    return {f"{name}_{key}": entry for key, entry in found.items()}


def _local_mode(data, material):
    """The soft mode, and what the presets make of the projected kernel."""
    cubic, mode = data.cubic, data.soft_mode
    waves, eta_a = cubic.commensurate, data.content["eta_a"]
    shares = centred_shares(cubic.cell, mode.b_site)
    pattern = material.mode.eigenvector
    kernels = projected_kernel(cubic, pattern, shares, waves)
    literal = projected_kernel(cubic, pattern, literal_shares(cubic.cell, mode.b_site), waves)
    stiffness = float(kernels[np.abs(waves).max(axis=1).argmin(), 0, 0].real)
    path = dispersion.zone_path(dispersion.CUBIC, cubic.cell.cell)
    projected = projected_kernel(cubic, pattern, shares, path.waves)
    found = {
        "soft_mode_frequency": ((), mode.frequency, "THz", "frequency of the soft mode"),
        "eigenvector": (("component", "atom", "axis"), mode.eigenvector, "1", "local mode"),
        "stiffness": ((), stiffness, "eV/angstrom^2", "projected force constant at Γ, K(0)"),
        "asymmetry": ((), asymmetry(kernels, waves), "eV/angstrom^2", "K(q), shared oxygens"),
        "asymmetry_literal": (
            (),
            asymmetry(literal, waves),
            "eV/angstrom^2",
            "K(q), literal S6",
        ),
        "projected": (
            ("cubic_point", "component"),
            dispersion.frequencies(np.linalg.eigvalsh(projected), material),
            "THz",
            "projected force constants, no dipoles added between the wave vectors of the mesh",
        ),
    }
    branches, shells = [], []
    for preset in material.short_range.values():
        branches.append(dispersion.model_branches(material, preset, path, stiffness, eta_a))
        shells.append(preset.shells)
    dims = ("preset", "cubic_point", "component")
    found["model_branches"] = (dims, np.array(branches), "THz", "branches of the local-mode model")
    found["shells"] = (("preset", "shell"), np.array(shells), "eV/angstrom^2", "j1 to j7")
    for name, fit in short_range_fits(data, material).items():
        found |= {
            f"{name}_shells": (
                ("shell",),
                np.array(fit.shells),
                "eV/angstrom^2",
                "fitted shells",
            ),
            f"{name}_residual": ((), fit.residual, "eV/angstrom^2", "rms on the mesh"),
            f"{name}_softest": ((), fit.softest, "eV/angstrom^2", "softest mode over that at Γ"),
        }
    return found


def _switching_path(data):
    path, pattern = data.path, data.soft_mode.eigenvector[2, :, 2]
    projected, residual = project_displacement(path.displacement, pattern)
    # the path may lead to either of the two variants
    amplitude, along = abs(projected), np.sign(projected)
    quartic, sextic = matched_quartic(path, amplitude), sextic_fit(path, amplitude)
    return {
        "switching_progress": (("step",), path.progress, "1", "λ"),
        "switching_energy": (("step",), MEV * (path.energy - path.energy[0]), "meV", "energy"),
        "switching_polarization": (
            ("step",),
            along * path.polarization,
            "C/m^2",
            "Berry phase, along the local mode",
        ),
        "berry_polarization": ((), along * path.polarization[path.end], "C/m^2", "at λ = 1"),
        "barrier": ((), MEV * path.barrier, "meV", "barrier, S15"),
        "amplitude": ((), amplitude, "angstrom", "projected amplitude u0"),
        "projection_residual": ((), residual, "1", "S18"),
        "quartic": (
            ("coefficient",),
            np.array(quartic.coefficients),
            None,
            "A2 (eV/Å²), B4 (eV/Å⁴) and C6 (eV/Å⁶), matched",
        ),
        "quartic_error": ((), MEV * quartic.error, "meV", "rms of the matched quartic"),
        "sextic": (
            ("coefficient",),
            np.array(sextic.coefficients),
            None,
            "A2 (eV/Å²), B4 (eV/Å⁴) and C6 (eV/Å⁶), fitted",
        ),
        "sextic_error": ((), MEV * sextic.error, "meV", "rms of the sextic fit"),
    }


def _variable(dims, values, unit, label):
    """unit : None for names, and for numbers of several units, which the label then tells."""
    units = {} if unit is None else {"units": unit}
    return dims, values, {**units, "long_name": label}
