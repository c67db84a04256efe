"""Exact averages of the harmonic twin."""

from ferronhall.base.script import configuration, job

with job(snakemake) as log:
    from ferronhall.base import storage
    from ferronhall.model.model import read_model
    from ferronhall.theory.twin import twin_dataset

    model = read_model(snakemake.input.parameters)
    config = configuration(snakemake)
    storage.write(twin_dataset(model, config, snakemake.threads, log), snakemake.output[0])
