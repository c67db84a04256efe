"""The file that names the results, as phonons.dataset reads them."""

import os
from pathlib import Path

from ferronhall.base import schema, yaml_files


def write(path, config, settings, files):
    """Write dataset.yaml, checked against the schema that its readers apply.

    path : path
    config : dict, of a checked configuration: campaign, and name of the first-principles section
    settings : dict of str, what the calculations were made with
    files : dict
        Paths of "cubic" and, where there are any, "tetragonal" force constants, and of
        "switching_path".
    """
    folder = Path(path).parent
    near = {name: os.path.relpath(file, folder) for name, file in files.items()}
    content = {
        "name": config["first_principles"]["name"],
        "source": f"first-principles runs of the campaign {config['campaign']}",
        "settings": settings,
        **{
            phase: {"force_constants": near[phase]}
            for phase in ("cubic", "tetragonal")
            if phase in near
        },
        "switching_path": near["switching_path"],
    }
    schema.check(content, "phonons")
    yaml_files.write(content, path)


def times(mesh):
    """A mesh as text."""
    return " x ".join(map(str, mesh))
