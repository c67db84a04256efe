"""The checked configuration and the functions the rules share."""

import functools
import json
import os
import sys
from pathlib import Path

from snakemake.logging import logger

from ferronhall.base import digest, invocation, paths, shipped
from ferronhall.campaign import interruption, job_resources, terminal
from ferronhall.campaign.batches import batches, is_current
from ferronhall.campaign.config import validate
from ferronhall.base.errors import FerronHallError
from ferronhall.base.record import Expected, Record
from ferronhall.campaign.acceptance import as_accepted
from ferronhall.model.bath_profile import is_self_consistent
from ferronhall.model.domains import beyond_theory, relaxes_without_field
from ferronhall.model.material import campaign_content, model_content, read_material
from ferronhall.crystals.phonons.files import data_digest
from ferronhall.crystals.second_order import data_files
from ferronhall.campaign.scan.variation import points

try:
    config.update(validate(config, ROOT))
    material_file = read_material(config["material"])
    MATERIAL = model_content(material_file, config["onsite"]["form"])
    # with the well, field and average cell of this configuration
    MODELLED = campaign_content(config)
    # the second-order polarization is known in an axial well alone
    BOND_CHARGE = material_file.get("bond_charge") if config["onsite"]["form"] == "axial" else None
    SCAN_POINTS = points(config, ROOT)
    PHONON_FILE = material_file.get("first_principles", "")
    PHONON_FILE = PHONON_FILE and shipped.find(PHONON_FILE, ROOT)
    PHONON_DATA = PHONON_FILE and data_digest(PHONON_FILE)
except FerronHallError as error:
    # a WorkflowError would add this file's name and line, which are not where the mistake is
    sys.exit(f"The configuration cannot be used.\n{error}")

CAMPAIGN = paths.Campaign(config["campaign"])
TRAJECTORIES = CAMPAIGN.trajectories(config["ensemble"]["replicas"])
TWIN = CAMPAIGN.datasets(["twin"] if config["ensemble"]["harmonic_twin"] else [])
TRAJECTORY_FILES = sum(TRAJECTORIES.values(), [])
SELF_CONSISTENT = is_self_consistent(config)
BATHS = CAMPAIGN.datasets(["self_consistent"] if SELF_CONSISTENT else [])
SAMPLED = config["balances"]["enabled"]
# domains that the noise-free theory does not know, and among them walls that may run away
BEYOND_THEORY = beyond_theory(config)
TORN_OFF = relaxes_without_field(config)
DOMAINS = bool(config["domains"]["walls_y"] or config["domains"]["map"])
WALLS = bool(config["domains"]["walls_y"]) and not BEYOND_THEORY
UNEVEN = not digest.even_cells(config["disorder"])
FIGURES = {
    name: datasets
    for name, datasets in (
        paths.FIGURES
        | (paths.PHONON_FIGURES if PHONON_DATA else {})
        | (paths.SCAN_FIGURES if SCAN_POINTS else {})
        | (paths.SELF_CONSISTENT_FIGURES if SELF_CONSISTENT else {})
        | (paths.BOND_FIGURES if SAMPLED else {})
        | (paths.DOMAIN_FIGURES if WALLS else {})
        | (paths.MOVING_WALL_FIGURES if DOMAINS else {})
        | (paths.MAP_FIGURES if config["domains"]["map"] else {})
        | (paths.DISORDER_FIGURES if UNEVEN else {})
        | paths.LOCK_IN_FIGURES
        | paths.HYSTERESIS_FIGURES
    ).items()
    if SAMPLED or "balances" not in datasets
}
if BEYOND_THEORY:
    FIGURES["fig3"] = tuple(name for name in FIGURES["fig3"] if name != "theory")
MATERIAL_TABLES = (*paths.MATERIAL_TABLES, *(paths.PHONON_TABLES if PHONON_DATA else ()))
RESULT_TABLES = (
    paths.RESULT_TABLES
    | (paths.TWIN_TABLES if TWIN else {})
    | (paths.SCAN_TABLES if SCAN_POINTS else {})
    | (paths.SELF_CONSISTENT_TABLES if SELF_CONSISTENT else {})
    | (paths.BOND_TABLES if SAMPLED else {})
    | (paths.DOMAIN_TABLES if WALLS else {})
    | (paths.MOVING_WALL_TABLES if DOMAINS else {})
    | (paths.DISORDER_TABLES if UNEVEN else {})
    | paths.LABORATORY_TABLES
    | paths.HYSTERESIS_TABLES
)
if WALLS:
    # of one domain: its corners are alike, and Delta_B P of its edges is what a laboratory sees
    del RESULT_TABLES["efficiency"], RESULT_TABLES["experiment"]
if UNEVEN:
    # errors over blocks, where those over replicas count
    RESULT_TABLES.pop("efficiency", None)
# without a charge the bilinear of the bonds is made by name alone
BY_NAME = set() if BOND_CHARGE else {*paths.BOND_FIGURES, *paths.BOND_TABLES}
# minutes to hours of a large slab
BY_NAME |= set() if job_resources.theory_modest(config) else {"spectrum"}
BY_NAME |= {*paths.LOCK_IN_FIGURES, *paths.HYSTERESIS_FIGURES, *paths.HYSTERESIS_TABLES}
BY_NAME |= set() if config["laboratory"]["temperatures_K"] else {*paths.LABORATORY_TABLES}
# what the theory has a part in says why there is none; of walls that ran away there is no average
LEFT_OUT = (paths.OF_THEORY if BEYOND_THEORY else set()) | ({"ensemble"} if TORN_OFF else set())
BY_NAME |= {name for name, needed in (FIGURES | RESULT_TABLES).items() if LEFT_OUT & set(needed)}
FIGURE_FILES = [
    f for name in FIGURES if name not in BY_NAME for f in CAMPAIGN.figure(name).values()
]
TABLE_FILES = [
    file
    for name in (*MATERIAL_TABLES, *RESULT_TABLES)
    if name not in BY_NAME
    for file in CAMPAIGN.table(name).values()
]
# what the page shows and, beside it, what figures and tables are made from
PAGE_DATASETS = CAMPAIGN.datasets(
    [
        *(name for name in paths.PAGE_DATASETS if not (BEYOND_THEORY and name in paths.OF_THEORY)),
        *(["scan"] if SCAN_POINTS else []),
    ]
)
LINKED_DATASETS = TWIN | CAMPAIGN.datasets(
    {
        dataset: None
        for name, datasets in (FIGURES | RESULT_TABLES).items()
        if name not in BY_NAME
        for dataset in datasets
        if dataset not in PAGE_DATASETS
    }
)


wildcard_constraints:
    **paths.WILDCARDS,


def stage_block(stage, script, modules=(), material=None, content=None):
    """The canonical block of a stage (see ferronhall.base.digest) with this campaign's config.

    content : another configuration that takes its place, a point of a scan
    """
    path = ROOT / "workflow" / "scripts" / script
    if SELF_CONSISTENT and "temperature" in digest.STAGE_KEYS[stage]:
        # what solves for the temperature that stands in parameters.nc
        modules = (*modules, "ferronhall.theory.heat_flow.self_consistent")
    return digest.stage_block(stage, content or config, path, modules, material)


MADE = {}
"""Dataset by its name, or by its path, → function of no arguments, its record when made today."""


def made_by(stage, script, modules=(), material=None, data=None, finished=None):
    """The `params` of a rule: its stage's block, and what its datasets are to record.

    data : content of files the stage reads, as a digest
    finished : function of wildcards, the files whose code may be accepted as it is
    """
    block = stage_block(stage, script, modules, material) | ({"data": data} if data else {})
    MADE[stage] = lambda: Record(block, script_modules(script, modules))
    accepted = finished and config["accept_code"]
    return {
        "stage": (lambda wildcards: as_accepted(block, finished(wildcards))) if accepted else block,
        "record": record_of(script, modules),
    }


@functools.cache
def code_of(*entries):
    """What digest.code_modules answers, asked once a run: every job records it, and its inputs'."""
    return digest.code_modules(*entries)


def script_modules(script, modules=()):
    """Modules and scripts whose code a stage runs, with their digests."""
    return code_of(ROOT / "workflow" / "scripts" / script, *modules)


def record_of(script, modules=()):
    """A parameter: the modules that a job's datasets record, and the records its inputs should have.

    It takes `output` for the reason rerun_command does; the code is compared in the stage's block.
    """

    def record(wildcards, input, output):
        names = {str(f): str(f) for f in input}
        for name, files in input.items():
            name = "trajectories" if name in paths.FIELDS else name
            names |= dict.fromkeys([files] if isinstance(files, str) else files, name)
        made = {name: MADE[name]() for name in set(names.values()) & set(MADE)}
        wanted = {str(f): made[name] for f, name in names.items() if name in made}
        return Expected(script_modules(script, modules), wanted)

    return record


@functools.cache
def point_content(path, form):
    """What the model is made of in the material file of a point, read once for all of its points."""
    if (path, form) == (config["material"], config["onsite"]["form"]):
        return MATERIAL
    return model_content(read_material(path), form)


def point_block(point):
    """The block of a point of the scan."""
    content = SCAN_POINTS[point]
    material = point_content(content["material"], content["onsite"]["form"])
    return stage_block("theory", "scan_point.py", material=material, content=content)


def point_material(point):
    """Path of a point's material, empty where it is the campaign's: then no path is its parameter."""
    own = SCAN_POINTS[point]["material"]
    return "" if own == config["material"] else own


for point in SCAN_POINTS:
    MADE[CAMPAIGN.scan_point(point)] = functools.partial(
        lambda point: Record(point_block(point), script_modules("scan_point.py")), point
    )


def density_block(parent):
    """The block of a parent's densities."""
    data = digest.folder_digest(density_folder(parent))
    return stage_block("density", "density.py") | {"data": data}


for parent in paths.SECOND_ORDER_PARENTS:
    MADE[f"{parent}_density"] = functools.partial(
        lambda parent: Record(density_block(parent), script_modules("density.py")), parent
    )


def rerun_command(wildcards, output):
    """The command that reruns one job by hand.

    It takes `output` because Snakemake leaves parameters derived from outputs out of its
    comparison: starting the same campaign through another path of its config reruns nothing.
    """
    overrides = workflow.config_settings.config.items()
    given = ["--config", *(f"{k}={json.dumps(v)}" for k, v in overrides)] if overrides else []
    after = [*given, "--force", "--", output[0]]
    return invocation.command(workflow, ["--cores", "1"], after)


def replica_files(replica):
    """The trajectories of a replica, at every field."""
    return [CAMPAIGN.trajectory(field, replica) for field in paths.FIELDS]


GPU = config["engine"] == "gpu"


def wanted_replicas():
    """Numbers of the replicas that are to run, as far as their files tell, where a GPU takes several."""
    if not GPU or config["gpu_batch"] == 1:
        return
    block = stage_block("trajectories", "trajectory.py", material=MATERIAL)
    for replica in range(config["ensemble"]["replicas"]):
        files = replica_files(replica)
        accepted = as_accepted(block, files) if config["accept_code"] else block
        if not is_current(files, accepted):
            yield replica


BATCHES = batches(wanted_replicas(), config["gpu_batch"])
BATCHED = {replica: batch for batch, replicas in BATCHES.items() for replica in replicas}


def batch_log(batch):
    """Log of the job of a batch."""
    return CAMPAIGN.log("trajectories", f"batch_{batch:04d}")


def replica_log(replica):
    """Log of the job that a replica runs in, by its number as text."""
    if int(replica) in BATCHED:
        return batch_log(BATCHED[int(replica)])
    return CAMPAIGN.log("trajectories", replica)


def job_replicas(wildcards, output):
    """Numbers of the replicas that a job advances.

    It takes `output` for the reason rerun_command does.
    """
    first = output[paths.FIELDS[0]]
    return [int(Path(file).stem) for file in ([first] if isinstance(first, str) else first)]


def checkpoint_files(wildcards, output):
    """Checkpoints of the replicas of a job; no output, or Snakemake would delete them when it fails.

    It takes `output` for the reason rerun_command does.
    """
    return [CAMPAIGN.checkpoint(f"{r:04d}") for r in job_replicas(wildcards, output)]


def device_trouble(jobs):
    """Why jobs of this run will find no device here, in words; "" where there is one or none runs.

    jobs : sequence of replacements.Planned
    """
    elsewhere = workflow.executor_plugin.common_settings.non_local_exec
    trajectories = [job for job in jobs if job.runs and job.files[0] in TRAJECTORY_FILES]
    if not GPU or elsewhere or workflow.dryrun or not trajectories:
        return ""
    from ferronhall.engine.gpu.device import require_device

    try:
        require_device()
    except FerronHallError as error:
        return str(error)
    return ""


def phonon_file(wildcards, output):
    """The file of the first-principles data.

    It takes `output` for the reason rerun_command does.
    """
    return PHONON_FILE


def citation_file(wildcards, output):
    """The CITATION file beside the workflow, "" where there is none.

    It takes `output` for the reason rerun_command does.
    """
    file = ROOT / "CITATION.cff"
    return str(file) if file.exists() else ""


def runs_alone(wildcards, output):
    """Whether nothing else writes beside this job, so that it may draw a progress bar.

    It takes `output` for the reason rerun_command does.
    """
    # workflow.cores would insist on a number, which a report or a cluster does not have
    return workflow.resource_settings.cores == 1 and not terminal.attached()


def preflight_file():
    """The pre-flight's file of this configuration: that of no other can be taken for it."""
    block = stage_block("parameters", "preflight.py", material=MATERIAL)
    return CAMPAIGN.preflight(digest.configuration_digest(block))


def balance_files(wildcards):
    """Files of the stage; asked for in vain, the key that brings them."""
    if not SAMPLED:
        raise WorkflowError(
            "balances.enabled: false, so the trajectories sample no balances; set it to true "
            "(every trajectory then runs anew)"
        )
    names = [name for name, datasets in FIGURES.items() if "balances" in datasets]
    return [CAMPAIGN.balances, *(f for n in names for f in CAMPAIGN.figure(n).values())]


def bond_files(wildcards):
    """Files of the stage; asked for in vain, the key that brings them."""
    if not SAMPLED:
        raise WorkflowError(
            "balances.enabled: false, so the trajectories sample no bonds; set it to true (every "
            "trajectory then runs anew)"
        )
    return [
        *(f for name in paths.BOND_FIGURES for f in CAMPAIGN.figure(name).values()),
        *(f for name in paths.BOND_TABLES for f in CAMPAIGN.table(name).values()),
    ]


def wall_products(wildcards):
    """Files of the domain walls; asked for in vain, the key that brings them."""
    if not DOMAINS:
        raise WorkflowError(
            "domains.walls_y: [] leaves the slab in one domain; give the layers of the walls"
        )
    moving = [
        *(f for name in paths.MOVING_WALL_FIGURES for f in CAMPAIGN.figure(name).values()),
        *(f for name in paths.MOVING_WALL_TABLES for f in CAMPAIGN.table(name).values()),
    ]
    if not WALLS:
        return moving
    return [
        *moving,
        *(f for name in paths.DOMAIN_FIGURES for f in CAMPAIGN.figure(name).values()),
        *(f for name in paths.DOMAIN_TABLES for f in CAMPAIGN.table(name).values()),
    ]


def uneven_products(wildcards):
    """Files of the uneven crystal; asked for in vain, the keys that bring them."""
    if not UNEVEN:
        raise WorkflowError(
            "disorder: all cells are alike; give it concentrations with changes, or isotopes"
        )
    return [
        *(f for name in paths.DISORDER_FIGURES for f in CAMPAIGN.figure(name).values()),
        *(f for name in paths.DISORDER_TABLES for f in CAMPAIGN.table(name).values()),
    ]


def phonon_files(wildcards):
    """Files of the stage; asked for in vain, the key that brings them."""
    if not PHONON_DATA:
        raise WorkflowError(
            f"material: '{config['material']}' names no first-principles data; add the key "
            "first_principles to it, see config/README.md"
        )
    figures = [f for name in paths.PHONON_FIGURES for f in CAMPAIGN.figure(name).values()]
    return [*figures, *(f for name in MATERIAL_TABLES for f in CAMPAIGN.table(name).values())]


@functools.cache
def slab_model():
    """The model of this configuration."""
    from ferronhall.model.model import Model

    return Model.from_config(config)


def warn_of_aliasing():
    """Print a warning for each interval between samples that is too long for the model."""
    from ferronhall.campaign.aliasing import aliasing_warnings

    try:
        for line in aliasing_warnings(config, slab_model()):
            logger.warning(f"Warning: {line}")
    except FerronHallError:
        # the pre-flight says what is wrong with the model
        pass


@functools.cache
def replica_runtime():
    """Minutes asked for a replica; the first time, what to know beforehand is printed.

    Snakemake evaluates resources of the jobs it is about to run only.
    """
    if workflow.is_main_process:
        warn_of_aliasing()
    return job_resources.replica_minutes(config)


def everything(wildcards):
    """What the campaign is for: its figures and tables, and the page that shows them."""
    return [*FIGURE_FILES, *TABLE_FILES, *([] if TORN_OFF else [CAMPAIGN.page])]


def no_first_principles(wildcards):
    """No files, but which configurations have first-principles runs."""
    sys.exit(
        "first_principles: this configuration is one of a campaign; first-principles runs have files "
        "of their own: snakemake first_principles --cores all --configfile "
        "config/first_principles/batio3.yaml"
    )


def second_order_data(wildcards):
    """No files, as their content stands in the parameters, not their times; but they are there."""
    try:
        data_files.check(config["second_order"]["data"])
    except FerronHallError as error:
        sys.exit(f"The configuration cannot be used.\n{error}")
    return []


def density_files(parent):
    """An input function: no files, for the same reason, but what is missing."""

    def files(wildcards):
        folder = Path(density_folder(parent))
        if not any(folder.glob("*")):
            sys.exit(
                f"'{folder}': there are no densities of the {parent}; the workflow brings them in "
                f"'{ROOT / paths.density_data(parent)}', and ferronhall-density makes others"
            )
        return []

    return files


def second_order_files(wildcards):
    """Figures and tables of the pairs of nonpolar modes."""
    return [
        *(f for name in paths.SECOND_ORDER_FIGURES for f in CAMPAIGN.figure(name).values()),
        *(f for name in paths.SECOND_ORDER_TABLES for f in CAMPAIGN.table(name).values()),
    ]


def self_consistent_products(wildcards):
    """Files of the stage; asked for in vain, the key that brings them."""
    if not SELF_CONSISTENT:
        sys.exit(
            "self_consistent: this configuration gives all temperatures of the bath; set "
            "temperature.profile to self_consistent (every trajectory then runs anew)"
        )
    return [
        CAMPAIGN.self_consistent,
        *(f for name in paths.SELF_CONSISTENT_FIGURES for f in CAMPAIGN.figure(name).values()),
        *(f for name in paths.SELF_CONSISTENT_TABLES for f in CAMPAIGN.table(name).values()),
    ]


def scan_products(wildcards):
    """Figure and table of the scan; without one, what to write to get them."""
    if not SCAN_POINTS:
        sys.exit(
            "scans: this configuration has none; add a list of keys and values to it, as in "
            "config/scan_field.yaml:\n"
            "scan:\n  - {key: field.omega_B_rad_per_ps, values: [20, 40, 80]}"
        )
    return [
        *(f for name in paths.SCAN_FIGURES for f in CAMPAIGN.figure(name).values()),
        *(f for name in paths.SCAN_TABLES for f in CAMPAIGN.table(name).values()),
    ]


def banner_start():
    """Lines printed before the first job."""
    lattice = config["lattice"]
    first = (
        f"ferron-hall campaign '{CAMPAIGN.name}': {lattice['nx']} x {lattice['ny']} x "
        f"{lattice['nz']} cells, {config['ensemble']['replicas']} replicas at three fields"
    )
    # touching files costs nothing
    lines = [first, *([] if workflow.touch else run_summary(dry=False))]
    STARTED_FROM.remember()
    return "\n".join(lines)


def banner_success():
    """Lines printed after the last job."""
    folder = Path(CAMPAIGN.ensemble).parent
    return f"ferron-hall campaign '{CAMPAIGN.name}': all that was asked for is in {folder}"


def banner_error():
    """Lines printed when a job failed: the replicas that ran without leaving all results."""
    if interruption.interrupted():
        return interruption.words(CAMPAIGN.name)
    lines = [
        f"ferron-hall campaign '{CAMPAIGN.name}' stopped; results of finished jobs are kept, and the "
        "same command goes on from them."
    ]
    for files in zip(*TRAJECTORIES.values(), strict=True):
        replica = Path(files[0]).stem
        log = Path(replica_log(replica))
        if log.exists() and not all(Path(file).exists() for file in files):
            lines.append(f"  failed: replica {replica}, see {log}")
    return "\n".join(lines)
