"""The checked configuration of second-order runs by VASP and the functions their rules share."""

import hashlib
import sys
from importlib.util import find_spec
from pathlib import Path

from ferronhall.base import digest, invocation, paths
from ferronhall.base.errors import FerronHallError
from ferronhall.crystals.first_principles.vasp import exchange, message
from ferronhall.crystals.first_principles.vasp.paths import VaspRuns
from ferronhall.crystals.second_order import run_paths, vasp_runs, vasp_settings

try:
    config.update(vasp_settings.check(config))
except FerronHallError as error:
    # a WorkflowError would add this file's name and line, which are not where the mistake is
    sys.exit(f"The configuration cannot be used.\n{error}")

SECTION = config["first_principles"]
CAMPAIGN = paths.Campaign(config["campaign"])
SECOND_ORDER_RUNS = run_paths.SecondOrderRuns(config["campaign"])
VASP_RUNS = VaspRuns(config["campaign"], "second_order_runs")
RUNS = {s.key: vasp_runs.planned(SECTION, s) for s in vasp_runs.every_run(SECTION)}


wildcard_constraints:
    **run_paths.WILDCARDS,


def run_files(wildcards):
    """The text of a run's inputs, which alone decides whether they are written again."""
    return RUNS[wildcards.run].files()


def waiting():
    """The runs whose results are not all back."""
    return [r for r in RUNS.values() if exchange.back(VASP_RUNS.folder(r.name), r) is None]


def results():
    """The result files of all runs, in order."""
    return [exchange.main(VASP_RUNS.folder(name)) for name in RUNS]


def outcars():
    """The OUTCARs of all runs, in order."""
    return [exchange.outcar(VASP_RUNS.folder(name)) for name in RUNS]


def started_with():
    """The inputs of all runs."""
    return [file for name in RUNS for file in VASP_RUNS.inputs(name)]


def collected_stage(wildcards):
    """What decides the table: the runs, the code that reads them, and the files put back."""
    path = ROOT / "workflow" / "scripts" / "vasp_polarizations.py"
    files = [Path(name) for name in (*results(), *outcars()) if Path(name).is_file()]
    return {
        "code": digest.code_digest(path),
        "config": digest.select(config, ["campaign", "first_principles"]),
        "files": [hashlib.sha256(file.read_bytes()).hexdigest() for file in files],
    }


def attainable(wildcards):
    """The inputs of all runs, and the table once all results are back."""
    return started_with() if waiting() else [*started_with(), SECOND_ORDER_RUNS.table]


def again():
    """The command that goes on."""
    return invocation.command(workflow, ["second_order_runs", "--cores", "all"])


def everything(wildcards):
    """Nothing is made by default: the runs take hours, and a licence."""
    sys.exit(
        "This configuration asks for second-order runs, which no default target starts: "
        f"{again()}"
    )


def banner_start():
    """Line printed before the first job, and before it a check that results can be read."""
    if not workflow.deployment_settings.deployment_method and not find_spec("pymatgen"):
        sys.exit(
            "The results of VASP cannot be read: pymatgen is not installed; pip install -c "
            "envs/constraints.txt -e '.[vasp]'"
        )
    return f"second-order runs of campaign '{CAMPAIGN.name}' by VASP"


def banner_success():
    """What is to be run by VASP next, printed after the last job."""
    if runs := waiting():
        return message.text(VASP_RUNS, runs, [], again())
    return f"finished: {Path(SECOND_ORDER_RUNS.table).parent}"


def banner_error():
    """Line printed when a job failed."""
    return (
        f"second-order runs of campaign '{CAMPAIGN.name}' stopped; the same command goes on from "
        "what is there"
    )
