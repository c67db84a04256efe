"""Responses to a weak gradient and a weak field, without noise."""

from ferronhall.base.script import configuration, job, write

with job(snakemake) as log:
    from ferronhall.model.model import read_model
    from ferronhall.theory.linear_response.laboratory import laboratory_dataset

    found = laboratory_dataset(
        read_model(snakemake.input.parameters),
        configuration(snakemake),
        snakemake.threads,
        log,
    )
    write(snakemake, found, snakemake.output[0])
