"""Where a result comes from: versions, commit and configuration, for a dataset's attributes."""

import json
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGES = ("ferronhall", "numpy", "scipy", "numba", "xarray", "snakemake")


def attributes(config):
    """Attributes every results file carries: campaign, configuration (JSON), versions, commit."""
    return {
        "campaign": config["campaign"],
        "config": json.dumps(config, sort_keys=True),
        "versions": ", ".join([f"python {platform.python_version()}", *map(_version, _PACKAGES)]),
        "commit": _commit(),
    }


def _version(package):
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"{package} not installed"


def _commit():
    command = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
    try:
        answer = subprocess.run(
            command, cwd=Path(__file__).parent, capture_output=True, text=True, timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):
        return "unknown"
    return answer.stdout.strip() or "unknown"
