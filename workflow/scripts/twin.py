"""Exact averages of the harmonic twin."""

from ferronhall.base.script import job

with job(snakemake) as log:
    from ferronhall.analysis.twin import twin_dataset
    from ferronhall.base import storage

    parameters = storage.read(snakemake.input.parameters)
    config = snakemake.params.stage["config"]
    storage.write(twin_dataset(parameters, config, snakemake.threads, log), snakemake.output[0])
