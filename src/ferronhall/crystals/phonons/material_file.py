"""The material file of a campaign, made from first-principles data: `ferronhall-material`."""

import argparse
import sys
from pathlib import Path

from ferronhall.base import yaml_files
from ferronhall.base.errors import DataFileError, FerronHallError
from ferronhall.base.units import MEV
from ferronhall.crystals.first_principles.crystal import labels
from ferronhall.crystals.phonons import replaced_content
from ferronhall.crystals.phonons.cubic_well_fit import UNITS
from ferronhall.crystals.phonons.dataset import read_first_principles
from ferronhall.crystals.phonons.double_well import project_displacement
from ferronhall.crystals.phonons.material_report import notes, region, report
from ferronhall.crystals.phonons.mode_structures import write_mode_paths
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


def cubic_well_content(fit):
    """A CubicWellFit as the cubic_well of a material file."""
    coefficients = {
        f"{name}_eV_per_{UNITS[name]}": float(f"{value:.7g}") for name, value in fit.values.items()
    }
    return coefficients | {"origin": fit.described}


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
    if data.cubic_well:
        content["cubic_well"] = cubic_well_content(data.cubic_well)
    content["short_range"] = {
        f"{prefix}-{KERNELS[name]}": preset_content(
            fit,
            name,
            data.content["eta_a"],
            f"{data.content['source']}; {_fitted(fit, name, data)}",
        )
        for name, fit in fits.items()
    }
    return content, fits


def _fitted(fit, kernel_name, data):
    """How a fit was made and how well it does, for the material file."""
    mesh = " x ".join(map(str, data.cubic.mesh))
    if kernel_name == "longitudinal":
        said = "least-squares fit over the zone, every mode kept stiff"
    elif fit.exact:
        return "exact on the commensurate wave vectors"
    else:
        wave = ", ".join(f"{x:.3g}" for x in fit.worst_wave)
        said = (
            f"fit of seven shells to {mesh} wave vectors, weighted to the soft branch: residual "
            f"{fit.residual:.2g} eV/A^2 rms, softest branch off by {fit.worst:+.2g} eV/A^2 at "
            f"({wave})"
        )
    if fit.misplaced:
        said += f"; UNSTABLE REGION NOT THE CRYSTAL'S ({region(fit)})"
    return said


def main(arguments=None, prog="ferronhall-material"):
    """Make a material file from first-principles data, or check them; the exit status."""
    parser = argparse.ArgumentParser(prog=prog, description=__doc__)
    parser.add_argument("data", help="YAML file that names the data, like data/*/dataset.yaml")
    parser.add_argument(
        "output", nargs="?", help="material file to write, like config/materials/mine.yaml"
    )
    parser.add_argument("--prefix", default="dft", help="beginning of the presets' names (dft)")
    parser.add_argument(
        "--check",
        action="store_true",
        help="write no file, but a page on what is read, kept and refused",
    )
    parser.add_argument(
        "--replace", action="store_true", help="write over a file that holds something else"
    )
    parser.add_argument(
        "--mode-paths",
        metavar="FOLDER",
        help="write no material file, but the structures whose energies a cubic well is fitted to",
    )
    parser.add_argument("--picture", help="with --check: the branches, as .png, .pdf or .svg")
    options = parser.parse_args(arguments)
    asked = [options.check, bool(options.output), bool(options.mode_paths)]
    if sum(asked) != 1 or (options.picture and not options.check):
        parser.error(
            "give a file to write, or --check (with --picture, if wanted) and no file, or "
            "--mode-paths and its folder"
        )
    if options.mode_paths:
        return _structures(options)
    return _check(options) if options.check else _make(options)


def _make(options):
    try:
        folder = Path(options.output).parent
        if not folder.is_dir():
            raise DataFileError(f"'{folder}': no such folder; make it, or name another")
        data = read_first_principles(options.data)
        content, fits = make_material(data, options.prefix)
        same = not options.replace and replaced_content.compared(options.output, content)
        if not same:
            yaml_files.write(content, options.output)
        read_material(options.output)
    except (FerronHallError, OSError) as error:
        print(f"No material file was made.\n{error}", file=sys.stderr)
        return 1
    for line in report(data, content, fits):
        print(line)
    for note in notes(data):
        print(note)
    said = "not written, as it holds the same already" if same else "written"
    print(f"{said}: {options.output}")
    return 0


def _check(options):
    # the picture needs matplotlib, which nothing else here does
    from ferronhall.crystals.phonons import check

    try:
        if options.picture:
            check.require_picture_suffix(options.picture)
        text, made = check.page(options.data)
        print(text)
        if made and options.picture:
            from ferronhall.crystals.phonons.check_picture import draw

            draw(made[0], made[1], options.picture)
            print(f"picture: {options.picture}")
    except (FerronHallError, OSError) as error:
        print(f"The data cannot be checked.\n{error}", file=sys.stderr)
        return 1
    return 0 if made else 1


def _structures(options):
    try:
        section = write_mode_paths(read_first_principles(options.data), options.mode_paths)
    except (FerronHallError, OSError) as error:
        print(f"No structures were written.\n{error}", file=sys.stderr)
        return 1
    count = sum(1 for _ in Path(options.mode_paths).glob("*/*/POSCAR"))
    print(f"written: {count} structures in {options.mode_paths}")
    print("energies go into the CSV files there, and into the data file, its paths made relative:")
    print(section, end="")
    return 0
