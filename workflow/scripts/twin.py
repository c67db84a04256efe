"""Exact averages of the harmonic twin."""

from ferronhall.script import job

with job(snakemake) as log:
    from ferronhall import storage
    from ferronhall.twin import twin_dataset

    parameters = storage.read(snakemake.input.parameters)
    config = snakemake.params.stage["config"]
    storage.write(twin_dataset(parameters, config, snakemake.threads, log), snakemake.output[0])
