"""The checked configuration of first-principles runs and the functions their rules share."""

import sys
from pathlib import Path

from ferronhall.base import digest, invocation, paths
from ferronhall.base.errors import FerronHallError
from ferronhall.crystals.first_principles import crystal, phases
from ferronhall.crystals.first_principles.quantum_espresso import paths as run_paths
from ferronhall.crystals.first_principles.quantum_espresso import (
    dataset,
    plans,
    programs,
    pseudopotentials,
    pw_output,
    settings,
)
from ferronhall.crystals.first_principles.quantum_espresso.ph_output import q_point_count

try:
    config.update(settings.check(config))
except FerronHallError as error:
    # a WorkflowError would add this file's name and line, which are not where the mistake is
    sys.exit(f"The configuration cannot be used.\n{error}")

SECTION = config["first_principles"]
CAMPAIGN = paths.Campaign(config["campaign"])
FIRST_PRINCIPLES = run_paths.FirstPrinciples(config["campaign"], SECTION["prefix"])
PHASES_WITH_PHONONS = [phase for phase in phases.PHASES if SECTION[phase]["q_mesh"]]
PATH_OUTPUTS = {
    run: [
        FIRST_PRINCIPLES.run(run, "path", f"{coordinate:.3f}")[1]
        for coordinate in SECTION["path"]["lambdas"]
    ]
    for run in ("scf", "berry")
}


wildcard_constraints:
    **run_paths.WILDCARDS,


def plan(steps):
    """What decides a run's results: the text of its inputs and the pseudopotentials.

    No digest of code is part of it: hours of runs outlive changes that leave the inputs as they are.
    """
    return programs.identity(steps, SECTION)


def configured(phase):
    """The structure that stands in the configuration, relaxed or not.

    Snakemake leaves parameters derived from inputs out of its comparison: what is planned on a
    structure file would never run anew for a changed key. So the same is planned on this one, of the
    configuration alone, to be compared; a file that changed is known by itself.
    """
    return crystal.start(SECTION, phase)


def scratch(pattern):
    """Folder a run works in; no output, so that an interrupted run can go on from it.

    It takes `output` because Snakemake leaves parameters derived from outputs out of its comparison.
    """
    return lambda wildcards, output: FIRST_PRINCIPLES.scratch(pattern.format(**wildcards))


def result_block(script, keys=()):
    """What decides a result read from outputs: its script's code, its part of the configuration."""
    path = ROOT / "workflow" / "scripts" / script
    return {"code": digest.code_digest(path), "config": digest.select(config, keys)}


def relaxation_output(wildcards):
    """The relaxation a structure is read from; none where the configuration gives it."""
    relaxed = SECTION[wildcards.phase]["relax"] != "none"
    return FIRST_PRINCIPLES.run("relax", wildcards.phase)[1:] if relaxed else []


def structure_content(wildcards, input):
    """A structure as its file holds it; the same content is not written again, for all that hangs
    on it would run again."""
    structure = configured(wildcards.phase)
    for relaxed in input:
        text = Path(relaxed).read_text(encoding="utf-8")
        structure = pw_output.relaxed(text, relaxed, structure)
    return crystal.content(structure)


def dynamical_matrices(wildcards):
    """The list of wave vectors and the dynamical matrix of each of them."""
    listed = checkpoints.q_points.get(phase=wildcards.phase).output.listed
    numbers = range(q_point_count(listed) + 1)
    return [FIRST_PRINCIPLES.dynamical_matrix(wildcards.phase, q) for q in numbers]


def everything(wildcards):
    """Nothing is run by default: first-principles runs take hours."""
    sys.exit(
        "This configuration asks for first-principles runs, which no default target starts: "
        f"{invocation.command(workflow, ['first_principles', '--cores', 'all'])}"
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
    return f"first-principles runs of campaign '{CAMPAIGN.name}', {SECTION['cores']} core(s) a job"


def banner_success():
    """Line printed after the last job."""
    return f"finished: {Path(FIRST_PRINCIPLES.switching_path).parent}"


def banner_error():
    """Line printed when a job failed."""
    return (
        f"first-principles runs of campaign '{CAMPAIGN.name}' stopped; the same command goes on "
        "from what is there"
    )
