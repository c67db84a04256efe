"""Edge responses to modulated heating, without noise."""

from ferronhall.base.script import configuration, job, write

with job(snakemake) as log:
    from ferronhall.model.model import read_model
    from ferronhall.theory.modulated.lock_in import lock_in_dataset

    found = lock_in_dataset(
        read_model(snakemake.input.parameters),
        configuration(snakemake),
        snakemake.threads,
        log,
    )
    write(snakemake, found, snakemake.output[0])
