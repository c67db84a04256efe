"""Command lines that start the running workflow again, from the folder that holds its results."""

import os
import shlex
from pathlib import Path

_DISCOVERED = ("Snakefile", "snakefile", "workflow/Snakefile", "workflow/snakefile")
"""Where Snakemake looks for a workflow in the folder it is started in."""


def command(workflow, before, after=()):
    """A command that starts the running workflow with other targets; it runs as it stands.

    workflow : snakemake's object of that name
    before, after : sequences of str
        Arguments before and after the configuration files.
    returns : str. Where the working folder is not the workflow's own, it names both, and then runs
        from any folder.
    """
    here = Path.cwd()
    main = Path(os.path.abspath(workflow.main_snakefile))
    own = any((here / name).exists() and (here / name).samefile(main) for name in _DISCOVERED)
    place = [] if own else ["--snakefile", str(main), "--directory", str(here)]
    files = [os.path.relpath(f) if own else os.path.abspath(f) for f in workflow.configfiles]
    named = ["--configfile", *files] if files else []
    return shlex.join(["snakemake", *place, *before, *named, *after])
