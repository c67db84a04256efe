"""Where a result comes from: versions, commit and configuration, for a dataset's attributes."""

import json
import os
import platform
import re
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGES = ("ferronhall", "numpy", "scipy", "numba", "xarray", "snakemake")


def attributes(config):
    """Attributes every results file carries: campaign, configuration (JSON), versions, commit.

    What campaigns share is of none.
    """
    return {
        **({"campaign": config["campaign"]} if "campaign" in config else {}),
        "config": json.dumps(config, sort_keys=True),
        "versions": ", ".join([f"python {platform.python_version()}", *map(_version, _PACKAGES)]),
        "commit": _commit(),
    }


def _version(package):
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"{package} not installed"


def _commit(file=Path(__file__)):
    """Commit of the repository that is the library's own; "unknown" without one.

    An unpacked release, or an installed library, may stand inside another repository, whose commit
    says nothing about it.
    """
    root = file.resolve().parents[3]
    top = _git(root, "rev-parse", "--show-toplevel")
    if not top or not Path(top).exists() or not root.samefile(top):
        return "unknown"
    return _git(root, "describe", "--always", "--dirty", "--abbrev=12") or "unknown"


def _git(folder, *arguments):
    """What git prints about a folder; "" when it is not there or refuses."""
    # GIT_DIR and its like, as set inside a hook, would speak of another repository
    theirs = re.compile(r"GIT_(?!CONFIG)")
    environment = {key: v for key, v in os.environ.items() if not theirs.match(key)}
    try:
        answer = subprocess.run(
            ["git", *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=10,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""
