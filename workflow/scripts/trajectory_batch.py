"""Replicas at every field, together on a GPU."""

from contextlib import ExitStack

from ferronhall.base.script import configuration, job, write

with job(snakemake, alone=False) as log, ExitStack() as locks:
    from ferronhall.base.digest import configuration_digest, continuation_digest
    from ferronhall.engine.gpu.batch import run_batch
    from ferronhall.engine.keeper import Keeper
    from ferronhall.model.model import read_model

    log(f"To run this job again by hand:\n{snakemake.params.command}\n")
    stage, replicas = snakemake.params.stage, snakemake.params.replicas
    settings = snakemake.config["checkpoint"], continuation_digest(stage), stage["code"]
    keepers = [
        Keeper(path, *settings, snakemake.config["accept_code"])
        for path in snakemake.params.checkpoints
    ]
    for keeper in keepers:
        locks.enter_context(keeper.alone(log))
    log.begin()
    found = run_batch(
        read_model(snakemake.input.parameters),
        configuration(snakemake),
        replicas,
        configuration_digest(stage),
        log,
        keepers,
    )
    files = {str(file) for file in snakemake.output}
    for trajectories, replica, keeper in zip(found, replicas, keepers, strict=True):
        for field, trajectory in trajectories.items():
            (path,) = (f for f in files if f.endswith(f"/{field}/{replica:04d}.nc"))
            write(snakemake, trajectory.assign_attrs(keeper.attributes), path)
        keeper.finish()
