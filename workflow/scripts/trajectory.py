"""One replica at one field."""

from ferronhall.script import job

with job(snakemake) as log:
    from ferronhall import storage
    from ferronhall.digest import continuation_digest, fingerprint
    from ferronhall.keeper import Keeper
    from ferronhall.trajectory import run_trajectory

    log(f"To run this job again by hand:\n{snakemake.params.command}\n")
    stage = snakemake.params.stage
    keeper = Keeper(
        snakemake.params.checkpoint, snakemake.config["checkpoint"], continuation_digest(stage)
    )
    trajectory = run_trajectory(
        storage.read(snakemake.input.parameters),
        stage["config"],
        snakemake.wildcards.field,
        int(snakemake.wildcards.replica),
        fingerprint(stage),
        log,
        keeper,
        snakemake.params.alone,
    )
    storage.write(trajectory, snakemake.output[0])
    keeper.finish()
