"""The noise-free steady state of the campaign."""

from ferronhall.base.script import job

with job(snakemake) as log:
    from ferronhall.base import storage
    from ferronhall.model.parameters import model_of
    from ferronhall.theory.datasets import theory_dataset

    parameters = storage.read(snakemake.input.parameters)
    theory = theory_dataset(
        model_of(parameters),
        parameters,
        snakemake.params.stage["config"],
        snakemake.threads,
        log,
    )
    storage.write(theory, snakemake.output[0])
