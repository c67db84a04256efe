"""The noise-free steady state of the campaign."""

from ferronhall.base.script import configuration, job, write

with job(snakemake) as log:
    from ferronhall.model.model import read_model
    from ferronhall.theory.datasets import theory_dataset

    theory = theory_dataset(
        read_model(snakemake.input.parameters),
        configuration(snakemake),
        snakemake.threads,
        log,
    )
    write(snakemake, theory, snakemake.output[0])
