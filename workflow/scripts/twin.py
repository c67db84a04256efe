"""Exact averages of the harmonic twin."""

from ferronhall.base.script import configuration, job, write

with job(snakemake) as log:
    from ferronhall.model.model import read_model
    from ferronhall.theory.twin import twin_dataset

    model = read_model(snakemake.input.parameters)
    config = configuration(snakemake)
    write(snakemake, twin_dataset(model, config, snakemake.threads, log), snakemake.output[0])
