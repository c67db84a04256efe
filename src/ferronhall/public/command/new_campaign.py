"""`ferronhall new`: a folder in which `snakemake` runs a campaign of one's own."""

import argparse
import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import yaml

from ferronhall.base import schema, shipped
from ferronhall.base.errors import DataFileError
from ferronhall.campaign.config import validate

__all__ = ["begin", "main"]

_SNAKEFILE = '''"""The campaign of this folder, by the workflow that came with ferronhall."""

from ferronhall.base import shipped

# --configfile takes the place of the campaign's own file
if not workflow.configfiles:

    configfile: f"{workflow.basedir}/config/config.yaml"


include: shipped.snakefile()


rule campaign:
    """Every figure and table, where no other target is asked for."""
    default_target: True
    input:
        rules.all.input,
    localrule: True
'''

_README = "config/README.md"
_COPIED = ("profiles", "workflow/profiles")
"""What a user reads or edits beside the configuration, by its path in the workflow's folder."""

_LINK_OUT = re.compile(r"\[([^\]]+)\]\(\.\./[^)]+\)")
"""A link of config/README.md to a page that is not copied."""


def begin(folder: str | Path, like: str = "config") -> Path:
    """Make a folder with a campaign of the folder's name.

    folder : must be free, or empty
    like : name of the configuration it begins as a copy of, such as "paper" for config/paper.yaml
    returns : the folder
    raises : ConfigError when its name cannot be a campaign's, DataFileError when it is taken or
        cannot be written
    """
    folder = Path(folder)
    text = _configuration(Path(os.path.abspath(folder)).name, like)
    try:
        if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
            raise DataFileError(f"'{folder}' exists and is not an empty folder; give a free name")
        (folder / "config" / "materials").mkdir(parents=True)
        (folder / "config" / "config.yaml").write_text(text, encoding="utf-8")
        (folder / "Snakefile").write_text(_SNAKEFILE, encoding="utf-8")
        readme = (shipped.root() / _README).read_text(encoding="utf-8")
        there = _LINK_OUT.sub(r"\1 of the project", readme)
        (folder / _README).write_text(there, encoding="utf-8")
        for part in _COPIED:
            shutil.copytree(shipped.root() / part, folder / part)
    except OSError as error:
        raise DataFileError(f"'{folder}' cannot be written ({error.strerror or error})") from error
    return folder


def _configuration(name: str, like: str) -> str:
    """A shipped configuration as text, the campaign and what its comments say of it renamed."""
    text = (shipped.root() / "config" / f"{like}.yaml").read_text(encoding="utf-8")
    scalar = yaml.safe_dump([name], default_flow_style=True, width=10000).strip()[1:-1]
    campaign = f"{f'campaign: {scalar}':41} # results/{name}/"
    text = re.sub(r"^campaign: .*$", lambda _: campaign, text, count=1, flags=re.MULTILINE)
    validate(yaml.safe_load(text), shipped.root())
    schema_line = f"\\1{schema.SCHEMAS / 'config.schema.yaml'}"
    text = re.sub(r"(\$schema=)\S+", schema_line, text, count=1)
    return text.replace(f"config/{like}.yaml", "config/config.yaml")


def main(arguments: Sequence[str] | None = None, prog: str = "ferronhall new") -> int:
    """Make a folder in which a campaign of its name runs; the exit status."""
    known = sorted(path.stem for path in (shipped.root() / "config").glob("*.yaml"))
    parser = argparse.ArgumentParser(prog=prog, description=main.__doc__)
    parser.add_argument("folder", help="a free name, which becomes the campaign's")
    parser.add_argument(
        "--like",
        default="config",
        choices=known,
        metavar="NAME",
        help=f"the configuration to begin with: {', '.join(known)} (config, the demo's)",
    )
    options = parser.parse_args(arguments)
    folder = begin(options.folder, options.like)
    print(f"{folder / 'config' / 'config.yaml'} asks the questions, README.md beside it tells how")
    print(f"  cd {folder}")
    print("  snakemake -n             # what would run, and what it costs")
    print("  snakemake --cores all    # every figure and table, into results/")
    return 0
