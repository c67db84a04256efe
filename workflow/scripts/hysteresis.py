"""Static loop of P against a field along x."""

from ferronhall.base.script import configuration, job, write

with job(snakemake) as log:
    from ferronhall.model.model import read_model
    from ferronhall.theory.hysteresis import hysteresis_dataset

    model = read_model(snakemake.input.parameters)
    found = hysteresis_dataset(model, configuration(snakemake), log)
    write(snakemake, found, snakemake.output[0])
