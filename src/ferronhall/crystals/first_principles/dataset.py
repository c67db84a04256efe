"""The file that names the results, as phonons.dataset reads them."""

import os
from pathlib import Path

from ferronhall.base import schema, yaml_files
from ferronhall.crystals.first_principles.pw_output import origin

KEYS = ("name", "species", "cubic", "tetragonal")
"""What a data set says of the first-principles section."""


def write(path, config, ground_state, files):
    """Write dataset.yaml, checked against the schema that its readers apply.

    path : path
    config : dict, of a checked configuration: campaign, and KEYS of the first-principles section
    ground_state : str
        Output of the cubic ground state, which tells program and functional.
    files : dict
        Paths of "cubic" and, where there are any, "tetragonal" force constants, and of
        "switching_path".
    """
    section = config["first_principles"]
    code, functional = origin(ground_state, path)
    folder = Path(path).parent
    near = {name: os.path.relpath(file, folder) for name, file in files.items()}
    cubic, tetragonal = section["cubic"], section["tetragonal"]
    content = {
        "name": section["name"],
        "source": f"first-principles runs of the campaign {config['campaign']}",
        "settings": {
            "Exchange-correlation functional": functional,
            "Pseudopotentials": ", ".join(s["pseudopotential"] for s in section["species"]),
            "Code": code,
            "Plane-wave cutoff": (
                f"{cubic['cutoff_Ry']:g} Ry (cubic), {tetragonal['cutoff_Ry']:g} Ry (tetragonal)"
            ),
            "Primitive-cell k mesh": f"{_mesh(cubic)} (cubic), {_mesh(tetragonal)} (tetragonal)",
            "Phonons": f"linear response on {_times(cubic['q_mesh'])} q",
        },
        **{
            phase: {"force_constants": near[phase]}
            for phase in ("cubic", "tetragonal")
            if phase in near
        },
        "switching_path": near["switching_path"],
    }
    schema.check(content, "phonons")
    yaml_files.write(content, path)


def _times(mesh):
    return " x ".join(map(str, mesh))


def _mesh(group):
    return f"{_times(group['k_mesh'])}{', shifted' if group['k_shift'] else ''}"
