"""Baths without a net power between two contacts."""

from ferronhall.base.script import configuration, job, write

with job(snakemake) as log:
    from ferronhall.model.model import read_model
    from ferronhall.theory.datasets import self_consistent_dataset

    found = self_consistent_dataset(
        read_model(snakemake.input.parameters),
        configuration(snakemake),
        snakemake.threads,
        log,
    )
    write(snakemake, found, snakemake.output[0])
