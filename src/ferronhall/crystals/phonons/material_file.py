"""The material file of a campaign, made from first-principles data: `ferronhall-material`."""

import argparse
import sys

from ferronhall.base import yaml_files
from ferronhall.base.errors import FerronHallError
from ferronhall.base.units import MEV
from ferronhall.crystals.first_principles.crystal import labels
from ferronhall.crystals.phonons.dataset import read_first_principles
from ferronhall.crystals.phonons.double_well import project_displacement
from ferronhall.crystals.phonons.projected_kernel import centred_shares, projected_kernel
from ferronhall.crystals.phonons.short_range_fit import fit_shells
from ferronhall.model.material import Material, read_material

KERNELS = {"gaussian": "gaussian", "longitudinal": "s11"}
"""Dipolar kernel → end of the name of the preset that belongs to it."""


def local_mode_content(data):
    """The local-mode part of a material file (dict) from FirstPrinciples."""
    cubic, mode = data.cubic, data.soft_mode
    pattern = mode.eigenvector[2, :, 2]
    amplitude, _ = project_displacement(data.path.displacement, pattern)
    atoms = [
        {
            "label": label,
            "mass_amu": round(float(mass), 4),
            "position": [round(float(x), 6) for x in place],
            "born_charge_e": [round(float(born[k, k]), 5) for k in range(3)],
            "mode_z": round(float(v), 6),
        }
        for label, mass, place, born, v in zip(
            labels(cubic.cell.symbols),
            cubic.cell.masses,
            cubic.cell.scaled_positions,
            cubic.born,
            pattern,
            strict=True,
        )
    ]
    return {
        "name": data.content["name"],
        "source": data.content["source"],
        "lattice_constant_A": round(float(cubic.cell.cell[0, 0]), 6),
        "dielectric_electronic": [round(float(cubic.dielectric[k, k]), 5) for k in range(3)],
        "atoms": atoms,
        "onsite": {
            "well_amplitude_A": round(abs(amplitude), 6),
            "barrier_meV": round(data.path.barrier * MEV, 4),
            "sextic_eV_per_A6": 0.0,
            "transverse_eV_per_A2": data.content["transverse_eV_per_A2"],
        },
    }


def short_range_fits(data, material):
    """ShellFit for either dipolar kernel, with the mode and the dipoles of a material.

    data : FirstPrinciples
    material : Material
        The one made of the same data, or another whose mode the force constants are projected on.
    returns : dict, dipolar kernel → ShellFit
    """
    waves = data.cubic.commensurate
    shares = centred_shares(data.cubic.cell, data.soft_mode.b_site)
    kernels = projected_kernel(data.cubic, material.mode.eigenvector, shares, waves)
    eta_a = data.content["eta_a"]
    return {name: fit_shells(kernels, waves, material, name, eta_a) for name in KERNELS}


def preset_content(fit, kernel_name, eta_a, origin):
    """A ShellFit as a preset of the material file."""
    width = {"eta_a": eta_a} if kernel_name == "gaussian" else {}
    return {
        "dipole_kernel": kernel_name,
        **width,
        "shells_eV_per_A2": [round(j, 4) for j in fit.shells],
        "origin": origin,
    }


def make_material(data, prefix="dft"):
    """A whole material file: local mode, double well and short-range presets.

    data : FirstPrinciples
    prefix : str
        Begins the presets' names: <prefix>-gaussian and <prefix>-s11.
    returns : (content, fits), the file's dict and the ShellFit of every dipolar kernel
    """
    content = local_mode_content(data)
    fits = short_range_fits(data, Material.from_dict(content))
    content["short_range"] = {
        f"{prefix}-{KERNELS[name]}": preset_content(
            fit, name, data.content["eta_a"], f"{data.content['source']}; {_FITTED[name]}"
        )
        for name, fit in fits.items()
    }
    return content, fits


_FITTED = {
    "gaussian": "exact on the commensurate wave vectors",
    "longitudinal": "least-squares fit over the zone, every mode kept stiff",
}


def report(data, content, fits):
    """What was found, as lines of text.

    data : FirstPrinciples
    content, fits : as make_material gives them
    """
    material = Material.from_dict(content)
    well = material.onsite
    _, residual = project_displacement(data.path.displacement, data.soft_mode.eigenvector[2, :, 2])
    pattern = ", ".join(f"{a['label']} {a['mode_z']:.4f}" for a in content["atoms"])
    yield f"{content['name']}: soft mode {data.soft_mode.frequency:.3f} THz at Γ ({pattern})"
    yield (
        f"Z = {material.mode.charge[0, 0]:.4f} e, M = {material.mode.mass[0, 0]:.3f} amu, "
        f"Λ^z_xy = {material.mode.angular_momentum_matrices[2, 0, 1]:.3f} amu, "
        f"ε∞ = {material.dielectric[0, 0]:.4f}"
    )
    yield (
        f"u0 = {well.amplitude:.5f} Å (projection residual {residual:.3f}), barrier "
        f"{well.barrier * MEV:.2f} meV, P0 = {material.polarization:.4f} C/m²"
    )
    for name, fit in fits.items():
        shells = " ".join(f"{j:.4f}" for j in fit.shells)
        yield (
            f"{name}: j1…j7 = {shells} eV/Å², residual {fit.residual:.2g} eV/Å² rms, softest mode "
            f"{fit.softest:+.3g} eV/Å² from that at Γ"
        )


def main(arguments=None):
    """Make a material file from first-principles data; the exit status."""
    parser = argparse.ArgumentParser(prog="ferronhall-material", description=__doc__)
    parser.add_argument("data", help="YAML file that names the data, like data/*/dataset.yaml")
    parser.add_argument("output", help="material file to write, like config/materials/mine.yaml")
    parser.add_argument("--prefix", default="dft", help="beginning of the presets' names (dft)")
    options = parser.parse_args(arguments)
    try:
        data = read_first_principles(options.data)
        content, fits = make_material(data, options.prefix)
        yaml_files.write(content, options.output)
        read_material(options.output)
    except (FerronHallError, OSError) as error:
        print(f"No material file was made.\n{error}", file=sys.stderr)
        return 1
    for line in report(data, content, fits):
        print(line)
    print(f"written: {options.output}")
    return 0
