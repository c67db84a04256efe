"""Domain walls at rest."""

from ferronhall.base.script import configuration, job, write

with job(snakemake) as log:
    from ferronhall.model.model import read_model
    from ferronhall.theory.domain_walls import domain_walls_dataset

    model = read_model(snakemake.input.parameters)
    found = domain_walls_dataset(model, configuration(snakemake), log)
    write(snakemake, found, snakemake.output[0])
