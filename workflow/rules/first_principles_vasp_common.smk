"""The checked configuration of first-principles runs by VASP and the functions their rules share."""

import hashlib
import sys
from importlib.util import find_spec
from pathlib import Path

from ferronhall.base import digest, invocation, paths
from ferronhall.base.errors import FerronHallError
from ferronhall.crystals.first_principles import phases
from ferronhall.crystals.first_principles.vasp import dataset, exchange, plans, settings
from ferronhall.crystals.first_principles.vasp.paths import VaspRuns
from ferronhall.crystals.first_principles.vasp.progress import Progress

try:
    config.update(settings.check(config))
except FerronHallError as error:
    # a WorkflowError would add this file's name and line, which are not where the mistake is
    sys.exit(f"The configuration cannot be used.\n{error}")

SECTION = config["first_principles"]
CAMPAIGN = paths.Campaign(config["campaign"])
VASP_RUNS = VaspRuns(config["campaign"])
PHASES_WITH_PHONONS = [phase for phase in phases.PHASES if SECTION[phase]["supercell"]]
PROGRESS = Progress(SECTION, VASP_RUNS)


wildcard_constraints:
    phase="|".join(phases.PHASES),
    run=r"[a-z]+/[a-z0-9.-]+",


def structure_of_run(wildcards):
    """The structure file a run is made of; none for relaxations, which lead to it."""
    phase = plans.phase_of(wildcards.run)
    return [] if phase is None else [VASP_RUNS.structure(phase)]


def run_files(wildcards):
    """The text of a run's inputs, which alone decides whether they are written again.

    It asks for no `input`: Snakemake leaves parameters derived from inputs out of its comparison.
    """
    return PROGRESS.named(wildcards.run).files()


def relaxation_result(wildcards):
    """The result a structure is read from; none where the configuration gives it."""
    run = PROGRESS.relaxation(wildcards.phase)
    return [exchange.main(VASP_RUNS.folder(run.name))] if run else []


def relaxation_inputs(wildcards):
    """What that relaxation is started with: results are read once their inputs are the latest."""
    run = PROGRESS.relaxation(wildcards.phase)
    return VASP_RUNS.inputs(run.name) if run else []


def runs_on_structure(phase):
    """The runs that start from a phase's structure, once it is there."""
    checkpoints.structure.get(phase=phase)
    return PROGRESS.on_structure(phase)


def main_files(phase, kind):
    """The result files of a phase's runs of one kind, in order."""
    return [
        exchange.main(VASP_RUNS.folder(run.name))
        for run in runs_on_structure(phase)
        if run.name.startswith(kind)
    ]


def started_with(phase, kind):
    """What a phase's runs of one kind are started with."""
    runs = [run for run in runs_on_structure(phase) if run.name.startswith(kind)]
    return [file for run in runs for file in VASP_RUNS.inputs(run.name)]


def response_result(wildcards):
    """The result of a phase's run for Born charges."""
    return main_files(wildcards.phase, f"{wildcards.phase}/response")


def displaced_results(wildcards):
    """The results of a phase's displaced supercells."""
    return main_files(wildcards.phase, f"{wildcards.phase}/displacement")


def point_results(wildcards):
    """The results of the points of the switching path."""
    return main_files("tetragonal", "path")


def outcars(wildcards):
    """The OUTCARs of the switching path."""
    return [
        exchange.outcar(VASP_RUNS.folder(run.name))
        for run in runs_on_structure("tetragonal")
        if run.polarizes
    ]


def ground_state(wildcards):
    """A result that tells which program made all of them."""
    return main_files("cubic", "cubic/response")


def result_block(script, keys, *results):
    """What decides a result: code, configuration, and the content of the files put back.

    Their times would tell nothing: they come from elsewhere.

    results : functions of wildcards that give these files
    """
    path = ROOT / "workflow" / "scripts" / script
    block = {"code": digest.code_digest(path), "config": digest.select(config, keys)}

    def decided(wildcards):
        names = [name for found in results for name in found(wildcards)]
        files = [Path(name) for name in names if Path(name).is_file()]
        return block | {"files": [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]}

    return decided


def attainable(wildcards):
    """Every file that can be made of the results that are back."""
    found, runs = [], {}
    for phase in phases.PHASES:
        relaxation = PROGRESS.relaxation(phase)
        if relaxation:
            found += VASP_RUNS.inputs(relaxation.name)
        if not relaxation or PROGRESS.is_back(relaxation):
            runs[phase] = runs_on_structure(phase)
            found += [file for run in runs[phase] for file in VASP_RUNS.inputs(run.name)]
    for phase, planned in runs.items():
        own = [run for run in planned if run.name.startswith(phase)]
        if own and all(map(PROGRESS.is_back, own)):
            found += [VASP_RUNS.force_constants(phase), VASP_RUNS.response(phase)]
        points = [run for run in planned if run.polarizes]
        if points and all(map(PROGRESS.is_back, points)):
            found.append(VASP_RUNS.switching_path)
    if len(runs) == len(phases.PHASES) and all(
        PROGRESS.is_back(run) for planned in runs.values() for run in planned
    ):
        found.append(VASP_RUNS.dataset)
    return found


def again():
    """The command that goes on."""
    return invocation.command(workflow, ["first_principles", "--cores", "all"])


def everything(wildcards):
    """Nothing is made by default: the runs take hours, and a licence."""
    sys.exit(
        "This configuration asks for first-principles runs, which no default target starts: "
        f"{again()}"
    )


def banner_start():
    """Line printed before the first job, and before it a check that results can be read."""
    if not workflow.deployment_settings.deployment_method and not find_spec("pymatgen"):
        sys.exit(
            "The results of VASP cannot be read: pymatgen is not installed; pip install -c "
            "envs/constraints.txt -e '.[vasp]'"
        )
    return f"first-principles runs of campaign '{CAMPAIGN.name}' by VASP"


def banner_success():
    """What is to be run by VASP next, printed after the last job."""
    return PROGRESS.state(again())


def banner_error():
    """Line printed when a job failed."""
    return (
        f"first-principles runs of campaign '{CAMPAIGN.name}' stopped; the same command goes on "
        "from what is there"
    )
