"""`ferronhall check`: what a run of a configuration would be refused or warned for."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ferronhall.base import shipped, yaml_files
from ferronhall.base.errors import ConfigError
from ferronhall.campaign.aliasing import aliasing_warnings
from ferronhall.campaign.config import validate
from ferronhall.campaign.memory import require_model, require_replica
from ferronhall.campaign.scan.variation import points
from ferronhall.crystals.first_principles.quantum_espresso import settings
from ferronhall.crystals.first_principles.vasp import settings as vasp
from ferronhall.crystals.phonons.files import data_digest
from ferronhall.crystals.second_order import run_settings, vasp_settings
from ferronhall.model.material import read_material
from ferronhall.model.model import Model
from ferronhall.model.parameters import parameters_dataset

__all__ = ["check", "main"]


def check(path: str | Path) -> list[str]:
    """Lines about a configuration that can be used: what it asks, and what the pre-flight says.

    path : of the file; what it names is relative to the working folder, or comes with the workflow
    raises : ConfigError, UnstableKernelError and what else the pre-flight would stop with
    """
    content = yaml_files.read(path)
    if isinstance(content, dict) and "first_principles" in content:
        return _first_principles(content)
    return _campaign(content)


def _campaign(content: Any) -> list[str]:
    config = validate(content, shipped.root())
    scan = points(config, shipped.root())
    material = read_material(config["material"])
    if data := material.get("first_principles"):
        # what a run would read of them
        data_digest(shipped.find(data, shipped.root()))
    lattice = config["lattice"]
    lines = [
        f"campaign '{config['campaign']}': {lattice['nx']} x {lattice['ny']} x {lattice['nz']} "
        f"cells of {material['name']}, {config['ensemble']['replicas']} replicas at three fields"
        + (f", {len(scan)} point{'s' if len(scan) > 1 else ''} of a scan" if scan else "")
    ]
    require_model(config)
    require_replica(config)
    parameters = parameters_dataset(config)
    lines.append(
        "the model passes the pre-flight: smallest Hessian eigenvalue "
        f"{float(parameters.hessian_smallest):.4g} eV/Å², "
        f"omega_max h = {float(parameters.attrs['omega_max_h']):.3f}"
    )
    stability = parameters.attrs["stability_warning"]
    warnings = [stability] if stability else []
    warnings += aliasing_warnings(config, Model.from_config(config))
    warnings += _device_warnings(config)
    return [*lines, *(f"Warning: {warning}" for warning in warnings)]


def _device_warnings(config: dict[str, Any]) -> list[str]:
    """What a run on this machine would end with; a cluster's nodes may have what it lacks."""
    if config["engine"] != "gpu":
        return []
    # here, as it asks for drivers
    from ferronhall.engine.gpu.device import require_device

    try:
        require_device()
    except ConfigError as error:
        return [f"on this machine {error}"]
    return []


def _first_principles(content: dict[str, Any]) -> list[str]:
    section = content["first_principles"]
    section = section if isinstance(section, dict) else {}
    code, second_order = section.get("code"), "crystals" in section
    if code == "vasp":
        known = vasp_settings if second_order else vasp
    else:
        known = run_settings if second_order else settings
    config = known.check(content)
    target = "second_order_runs" if second_order else "first_principles"
    program = "VASP" if code == "vasp" else "Quantum ESPRESSO"
    return [f"campaign '{config['campaign']}': runs by {program}, the target {target}"]


def main(arguments: Sequence[str] | None = None, prog: str = "ferronhall check") -> int:
    """Check a configuration, its material and the model's stability; the exit status."""
    parser = argparse.ArgumentParser(prog=prog, description=main.__doc__)
    parser.add_argument("config", help="like config/config.yaml")
    options = parser.parse_args(arguments)
    for line in check(options.config):
        print(line)
    return 0
