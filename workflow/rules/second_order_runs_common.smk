"""The checked configuration of second-order runs and the functions their rules share."""

import sys
from pathlib import Path

from ferronhall.base import digest, invocation, paths
from ferronhall.base.errors import FerronHallError
from ferronhall.crystals.first_principles.quantum_espresso import (
    programs,
    pseudopotentials,
    settings,
)
from ferronhall.crystals.second_order import run_paths, run_settings, runs

try:
    config.update(run_settings.check(config))
except FerronHallError as error:
    # a WorkflowError would add this file's name and line, which are not where the mistake is
    sys.exit(f"The configuration cannot be used.\n{error}")

SECTION = config["first_principles"]
CAMPAIGN = paths.Campaign(config["campaign"])
SECOND_ORDER_RUNS = run_paths.SecondOrderRuns(config["campaign"])
RUNS = runs.runs(SECTION)


wildcard_constraints:
    **run_paths.WILDCARDS,


def plan(wildcards):
    """What decides a run's results: the text of its inputs and the pseudopotentials.

    No digest of code is part of it: hours of runs outlive changes that leave the inputs as they are.
    """
    return programs.identity(runs.steps(SECTION, RUNS[wildcards.run]), SECTION)


def scratch(wildcards, output):
    """Folder a run works in; no output, so that an interrupted run can go on from it.

    It takes `output` because Snakemake leaves parameters derived from outputs out of its comparison.
    """
    return SECOND_ORDER_RUNS.scratch(wildcards.run)


def collected_stage():
    """What decides the table: the runs, and the code that reads them."""
    path = ROOT / "workflow" / "scripts" / "second_order_polarizations.py"
    keys = ["campaign", *(f"first_principles.{key}" for key in ("crystals", "species", "prefix"))]
    return {"code": digest.code_digest(path), "config": digest.select(config, keys)}


def everything(wildcards):
    """Nothing is run by default: first-principles runs take hours."""
    sys.exit(
        "This configuration asks for second-order runs, which no default target starts: "
        f"{invocation.command(workflow, ['second_order_runs', '--cores', 'all'])}"
    )


def banner_start():
    """Line printed before the first job, and before it a check that the jobs can run."""
    try:
        pseudopotentials.check(SECTION["pseudopotentials"], settings.species(SECTION))
        if not workflow.deployment_settings.deployment_method:
            # in an environment of their own the programs are found by the jobs alone
            programs.check(SECTION["commands"])
    except FerronHallError as error:
        sys.exit(f"The first-principles runs cannot start.\n{error}")
    return f"second-order runs of campaign '{CAMPAIGN.name}', {SECTION['cores']} core(s) a job"


def banner_success():
    """Line printed after the last job."""
    return f"finished: {Path(SECOND_ORDER_RUNS.table).parent}"


def banner_error():
    """Line printed when a job failed."""
    return (
        f"second-order runs of campaign '{CAMPAIGN.name}' stopped; the same command goes on from "
        "what is there"
    )
