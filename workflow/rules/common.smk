"""The checked configuration and the functions the rules share."""

import functools
import json
import math
import os
import shlex
import sys
from pathlib import Path

from snakemake.logging import logger

from ferronhall import digest, paths
from ferronhall.config import validate
from ferronhall.errors import FerronHallError
from ferronhall.material import read_material

try:
    config.update(validate(config))
    MATERIAL = read_material(config["material"])
except FerronHallError as error:
    # a WorkflowError would add this file's name and line, which are not where the mistake is
    sys.exit(f"The configuration cannot be used.\n{error}")

CAMPAIGN = paths.Campaign(config["campaign"])
TRAJECTORIES = CAMPAIGN.trajectories(config["ensemble"]["replicas"])
MEMBERS = 2 * len(TRAJECTORIES) if config["ensemble"]["harmonic_twin"] else len(TRAJECTORIES)
TWIN = CAMPAIGN.datasets(["twin"] if config["ensemble"]["harmonic_twin"] else [])
TRAJECTORY_FILES = sum(TRAJECTORIES.values(), [])
FIGURE_FILES = [f for name in paths.FIGURES for f in CAMPAIGN.figure(name).values()]
TABLE_FILES = [
    file
    for name in (*paths.MATERIAL_TABLES, *paths.RESULT_TABLES)
    for file in CAMPAIGN.table(name).values()
]


wildcard_constraints:
    **paths.WILDCARDS,


def stage_block(stage, script, modules=(), material=None):
    """The canonical block of a stage (see ferronhall.digest) with this campaign's config."""
    path = Path(workflow.basedir, "workflow", "scripts", script)
    return digest.stage_block(stage, config, path, modules, material)


def rerun_command(wildcards, output):
    """The command that reruns one job by hand.

    It takes `output` because Snakemake leaves parameters derived from outputs out of its
    comparison: starting the same campaign through another path of its config reruns nothing.
    """
    overrides = workflow.config_settings.config.items()
    command = [
        "snakemake",
        "--cores",
        "1",
        "--configfile",
        *map(str, workflow.configfiles),
    ]
    if overrides:
        command += ["--config", *(f"{k}={json.dumps(v)}" for k, v in overrides)]
    return shlex.join([*command, "--force", "--", output[0]])


def checkpoint_file(wildcards, output):
    """A replica's checkpoint; no output, or Snakemake would delete it when the job fails.

    It takes `output` for the reason rerun_command does.
    """
    return CAMPAIGN.checkpoint(wildcards.replica)


def runs_alone(wildcards, output):
    """Whether no other job runs beside this one, so that it may draw a progress bar.

    It takes `output` for the reason rerun_command does.
    """
    # workflow.cores would insist on a number, which a report or a cluster does not have
    return workflow.resource_settings.cores == 1


def preflight_file():
    """The pre-flight's file of this configuration and code: no other can be taken for it."""
    block = stage_block("parameters", "preflight.py", material=MATERIAL)
    return CAMPAIGN.preflight(digest.fingerprint(block))


@functools.cache
def replica_runtime():
    """Minutes asked for a replica; a dry run prints the campaign's cost the first time.

    Snakemake evaluates resources of the jobs it is about to run only, and by then knows whether
    the run is dry; the timing behind the cost is not spent on other runs.
    """
    if workflow.dryrun:
        from ferronhall.estimate import estimate

        logger.info(f"Cost of the campaign: {estimate(config)}")
    time, limit = config["time"], config["checkpoint"]["wall_limit_minutes"]
    nx, ny, nz = (config["lattice"][n] for n in ("nx", "ny", "nz"))
    substeps = time["t_max_ps"] / time["dt_ps"] * time["substeps"]
    # three times what is measured on one core: 27 ns a cell, and on small lattices 15 µs a substep
    needed = 10 + math.ceil(3 * MEMBERS * (15e-6 + 27e-9 * nx * ny * nz) * substeps / 60)
    # a replica that stops at its limit goes on in the next job, so none asks for more
    return min(needed, math.ceil(limit)) if limit else needed


def replica_memory():
    """MB asked for a replica: an upper bound for its arrays and the processes around it.

    The same for all replicas of a campaign: a job array asks what its first job asks.
    """
    lattice, time = config["lattice"], config["time"]
    nx, ny, nz = (lattice[n] for n in ("nx", "ny", "nz"))
    padding = 2 if lattice["padding_y"] == "isolated" else lattice["padding_y"]
    kernel = 9 * nx * ny * nz * padding
    blocks = (nx // 2 + 1) * (nz // 2 + 1) * 2 * (1.5 * ny) ** 2
    samples = time["t_max_ps"] / time["dt_ps"] / time["sample_every_steps"]
    means = MEMBERS * 4 * nx * ny * samples / time["samples_per_block"]
    # in doubles: the kernel with its transform, the blocks before, during and after packing, ten
    # fields a member, and the block means with the copies that a dataset and a checkpoint take
    arrays_MB = 8e-6 * (5 * kernel + 4 * blocks + 10 * MEMBERS * 3 * nx * ny * nz + 4 * means)
    # a process with its libraries takes 250 MB, each of the two of Snakemake around it 100 MB
    return 700 + math.ceil(arrays_MB)


def banner_start():
    """Line printed before the first job."""
    lattice = config["lattice"]
    return (
        f"ferron-hall campaign '{CAMPAIGN.name}': {lattice['nx']} x {lattice['ny']} x "
        f"{lattice['nz']} cells, {config['ensemble']['replicas']} replicas at three fields"
    )


def banner_success():
    """Lines printed after the last job."""
    folder = Path(CAMPAIGN.ensemble).parent
    return (
        f"ferron-hall campaign '{CAMPAIGN.name}' is complete: {folder}/figures, "
        f"{folder}/tables/summary.md"
    )


def banner_error():
    """Lines printed when a job failed: the replicas that ran without leaving all results."""
    lines = [
        f"ferron-hall campaign '{CAMPAIGN.name}' stopped; finished results are kept, and the same "
        "command goes on from them."
    ]
    for files in zip(*TRAJECTORIES.values(), strict=True):
        replica = Path(files[0]).stem
        log = Path(CAMPAIGN.log("trajectories", replica))
        if log.exists() and not all(Path(file).exists() for file in files):
            lines.append(f"  failed: replica {replica}, see {log}")
    return "\n".join(lines)
