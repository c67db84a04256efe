"""First-principles runs with Quantum ESPRESSO, for a configuration that has the section."""

import sys
from pathlib import Path

from ferronhall import digest, paths
from ferronhall.errors import FerronHallError
from ferronhall.first_principles import (
    crystal,
    dataset,
    plans,
    programs,
    pseudopotentials,
    pw_output,
    settings,
)
from ferronhall.first_principles.ph_output import q_point_count

try:
    config.update(settings.check(config))
except FerronHallError as error:
    # a WorkflowError would add this file's name and line, which are not where the mistake is
    sys.exit(f"The configuration cannot be used.\n{error}")

SECTION = config["first_principles"]
CAMPAIGN = paths.Campaign(config["campaign"])
FIRST_PRINCIPLES = paths.FirstPrinciples(config["campaign"], SECTION["prefix"])
PHASES_WITH_PHONONS = [phase for phase in settings.PHASES if SECTION[phase]["q_mesh"]]
PATH_OUTPUTS = {
    run: [
        FIRST_PRINCIPLES.run(run, "path", f"{coordinate:.3f}")[1]
        for coordinate in SECTION["path"]["lambdas"]
    ]
    for run in ("scf", "berry")
}


wildcard_constraints:
    **paths.WILDCARDS,


def plan(steps):
    """What decides a run's results: the text of its inputs and the pseudopotentials.

    No digest of code is part of it: hours of runs outlive changes that leave the inputs as they are.
    """
    return programs.identity(steps, SECTION)


def scratch(pattern):
    """Folder a run works in; no output, so that an interrupted run can go on from it.

    It takes `output` because Snakemake leaves parameters derived from outputs out of its comparison.
    """
    return lambda wildcards, output: FIRST_PRINCIPLES.scratch(pattern.format(**wildcards))


def result_block(script, keys=()):
    """What decides a result read from outputs: its script's code, its part of the configuration."""
    path = Path(workflow.basedir, "workflow", "scripts", script)
    return {"code": digest.code_digest(path), "config": digest.select(config, keys)}


def relaxation_output(wildcards):
    """The relaxation a structure is read from; none where the configuration gives it."""
    relaxed = SECTION[wildcards.phase]["relax"] != "none"
    return FIRST_PRINCIPLES.run("relax", wildcards.phase)[1:] if relaxed else []


def structure_content(wildcards, input):
    """A structure as its file holds it; the same content is not written again, for all that hangs
    on it would run again."""
    structure = crystal.start(SECTION, wildcards.phase)
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
        "snakemake first_principles --cores all --configfile "
        f"{' '.join(map(str, workflow.configfiles))}"
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


localrules:
    structure,
    force_constants,
    response,
    switching_path,
    first_principles_dataset,
    first_principles,


rule relaxation:
    """Cell or atoms of a phase brought to rest."""
    params:
        plan=lambda wildcards: plan(plans.relaxation(SECTION, wildcards.phase)),
        scratch=scratch("{phase}-relax"),
    output:
        FIRST_PRINCIPLES.run("relax", "{phase}"),
    log:
        CAMPAIGN.log("first_principles", "{phase}", "relaxation"),
    benchmark:
        CAMPAIGN.benchmark("first_principles", "{phase}", "relaxation")
    conda:
        "../../envs/first_principles.yaml"
    threads: SECTION["cores"]
    resources:
        mem_mb=4000,
        runtime=1440,
    script:
        "../scripts/first_principles_run.py"


rule structure:
    """Cell and atoms of a phase, relaxed or as configured."""
    input:
        relaxation_output,
    params:
        structure=structure_content,
    output:
        FIRST_PRINCIPLES.structure(),
    log:
        CAMPAIGN.log("first_principles", "{phase}", "structure"),
    conda:
        "../../envs/first_principles.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    script:
        "../scripts/structure.py"


checkpoint q_points:
    """The irreducible wave vectors of a phase's mesh; how many there are, ph.x says."""
    input:
        structure=FIRST_PRINCIPLES.structure(),
    params:
        plan=lambda wildcards, input: plan(plans.q_points(SECTION, crystal.read(input.structure))),
        scratch=scratch("{phase}-q_points"),
    output:
        FIRST_PRINCIPLES.run("scf", "{phase}"),
        FIRST_PRINCIPLES.run("q_points", "{phase}"),
        listed=FIRST_PRINCIPLES.dynamical_matrix(q=0),
    log:
        CAMPAIGN.log("first_principles", "{phase}", "q_points"),
    benchmark:
        CAMPAIGN.benchmark("first_principles", "{phase}", "q_points")
    conda:
        "../../envs/first_principles.yaml"
    threads: SECTION["cores"]
    resources:
        mem_mb=4000,
        runtime=240,
    script:
        "../scripts/first_principles_run.py"


rule dynamical_matrix:
    """The dynamical matrix at one wave vector; an interrupted one goes on from its scratch folder."""
    input:
        structure=FIRST_PRINCIPLES.structure(),
    params:
        plan=lambda wildcards, input: plan(
            plans.dynamical_matrix(SECTION, crystal.read(input.structure), int(wildcards.q))
        ),
        scratch=scratch("{phase}-q{q}"),
    output:
        FIRST_PRINCIPLES.run("q{q}", "{phase}"),
        FIRST_PRINCIPLES.dynamical_matrix(),
    log:
        CAMPAIGN.log("first_principles", "{phase}", "q{q}"),
    benchmark:
        CAMPAIGN.benchmark("first_principles", "{phase}", "q{q}")
    conda:
        "../../envs/first_principles.yaml"
    threads: SECTION["cores"]
    resources:
        mem_mb=4000,
        runtime=2880,
    script:
        "../scripts/first_principles_run.py"


rule force_constants:
    """Real-space force constants from the dynamical matrices at all wave vectors."""
    input:
        matrices=dynamical_matrices,
    params:
        plan=plan(plans.force_constants(SECTION)),
        scratch=scratch("{phase}-q2r"),
    output:
        FIRST_PRINCIPLES.run("q2r", "{phase}"),
        FIRST_PRINCIPLES.force_constants(),
    log:
        CAMPAIGN.log("first_principles", "{phase}", "force_constants"),
    conda:
        "../../envs/first_principles.yaml"
    threads: SECTION["cores"]
    resources:
        mem_mb=1000,
        runtime=30,
    script:
        "../scripts/first_principles_run.py"


rule response:
    """Dielectric tensor, Born charges and frequencies at the zone centre."""
    input:
        matrix=FIRST_PRINCIPLES.dynamical_matrix(q=1),
        structure=FIRST_PRINCIPLES.structure(),
    params:
        stage=result_block("response.py"),
    output:
        FIRST_PRINCIPLES.response(),
    log:
        CAMPAIGN.log("first_principles", "{phase}", "response"),
    conda:
        "../../envs/first_principles.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    script:
        "../scripts/response.py"


rule path_point:
    """Energy and Berry phase at a point of the switching path."""
    input:
        structure=FIRST_PRINCIPLES.structure("tetragonal"),
    params:
        plan=lambda wildcards, input: plan(
            plans.path_point(SECTION, crystal.read(input.structure), float(wildcards.coordinate))
        ),
        scratch=scratch("path-{coordinate}"),
    output:
        FIRST_PRINCIPLES.run("scf", "path", "{coordinate}"),
        FIRST_PRINCIPLES.run("berry", "path", "{coordinate}"),
    log:
        CAMPAIGN.log("first_principles", "path", "{coordinate}"),
    benchmark:
        CAMPAIGN.benchmark("first_principles", "path", "{coordinate}")
    conda:
        "../../envs/first_principles.yaml"
    threads: SECTION["cores"]
    resources:
        mem_mb=4000,
        runtime=480,
    script:
        "../scripts/first_principles_run.py"


rule switching_path:
    """Displacements, energies and polarization along the switching path."""
    input:
        **PATH_OUTPUTS,
        structure=FIRST_PRINCIPLES.structure("tetragonal"),
    params:
        stage=result_block(
            "switching_path.py", ["first_principles.atoms", "first_principles.path.lambdas"]
        ),
    output:
        FIRST_PRINCIPLES.switching_path,
    log:
        CAMPAIGN.log("first_principles", "switching_path"),
    conda:
        "../../envs/first_principles.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    script:
        "../scripts/switching_path.py"


rule first_principles_dataset:
    """The file that names the results for the import of lattice dynamics."""
    input:
        **{phase: FIRST_PRINCIPLES.force_constants(phase) for phase in PHASES_WITH_PHONONS},
        switching_path=FIRST_PRINCIPLES.switching_path,
        ground_state=FIRST_PRINCIPLES.run("scf", "cubic")[1],
    params:
        stage=result_block(
            "first_principles_dataset.py",
            ["campaign", *(f"first_principles.{key}" for key in dataset.KEYS)],
        ),
    output:
        FIRST_PRINCIPLES.dataset,
    log:
        CAMPAIGN.log("first_principles", "dataset"),
    conda:
        "../../envs/first_principles.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    script:
        "../scripts/first_principles_dataset.py"


rule first_principles:
    """Structures, force constants, response and switching path of the material."""
    input:
        FIRST_PRINCIPLES.dataset,
        [FIRST_PRINCIPLES.response(phase) for phase in PHASES_WITH_PHONONS],
