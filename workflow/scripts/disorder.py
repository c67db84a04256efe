"""Responses of an uneven crystal, by its concentrations."""

from ferronhall.base.script import configuration, job, write

with job(snakemake) as log:
    from ferronhall.model.model import read_model
    from ferronhall.theory.disorder_responses import disorder_dataset

    model = read_model(snakemake.input.parameters)
    found = disorder_dataset(model, configuration(snakemake), snakemake.threads, log)
    write(snakemake, found, snakemake.output[0])
