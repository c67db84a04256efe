"""One replica at every field."""

from ferronhall.base.script import configuration, job, write

with job(snakemake, alone=False) as log:
    from ferronhall.base.digest import configuration_digest, continuation_digest
    from ferronhall.engine.keeper import Keeper
    from ferronhall.engine.trajectory import run_replica
    from ferronhall.model.model import read_model

    log(f"To run this job again by hand:\n{snakemake.params.command}\n")
    stage = snakemake.params.stage
    (path,) = snakemake.params.checkpoints
    keeper = Keeper(
        path,
        snakemake.config["checkpoint"],
        continuation_digest(stage),
        stage["code"],
        snakemake.config["accept_code"],
    )
    with keeper.alone(log):
        log.begin()
        trajectories = run_replica(
            read_model(snakemake.input.parameters),
            configuration(snakemake),
            int(snakemake.wildcards.replica),
            configuration_digest(stage),
            log,
            keeper,
            snakemake.params.alone,
        )
        for field, trajectory in trajectories.items():
            made = trajectory.assign_attrs(keeper.attributes)
            write(snakemake, made, snakemake.output[field])
        keeper.finish()
