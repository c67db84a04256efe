"""The library that runs is the workflow's own; of no other would results be what they say.

Nothing of the library is imported here: another clone's need not have the same modules.
"""

import shlex
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import ferronhall


def foreign_library():
    """What is wrong with the imported library, in words; empty where it is the workflow's."""
    imported = Path(ferronhall.__file__).resolve().parent
    installed_in = ROOT.parent.resolve()
    packed = (installed_in / "__init__.py").exists()
    own = installed_in if packed else (ROOT / "src" / "ferronhall").resolve()
    if imported == own:
        return ""
    if packed:
        return (
            f"The workflow in '{ROOT}' came with the library ferronhall in '{own}' and would run with "
            f"that in '{imported}': nothing was started.\nRun it with the snakemake of its own "
            f"environment, or put its library first for this call: "
            f"PYTHONPATH={shlex.quote(str(own.parent))} snakemake ..."
        )
    if imported.parent.name == "src":
        found, wanted = "that of another clone", f"'{own}'"
    else:
        project = ROOT / "pyproject.toml"
        if not project.exists():
            return ""
        needed = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"]
        installed = version("ferronhall")
        if installed == needed:
            return ""
        found, wanted = f"version {installed}", f"version {needed}"
    quoted = shlex.quote(str(ROOT))
    return (
        f"The workflow in '{ROOT}' would run with the library ferronhall in '{imported}', {found}, and "
        f"needs {wanted}: nothing was started.\nInstall the workflow's own into an environment of its "
        f"own, as each clone needs it: pip install -c {quoted}/envs/constraints.txt -e {quoted}\n"
        f"or put it first for this call: PYTHONPATH={quoted}/src snakemake ..."
    )


if foreign := foreign_library():
    sys.exit(foreign)
