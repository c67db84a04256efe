"""The noise-free steady state of the campaign."""

from ferronhall.script import job

with job(snakemake) as log:
    from ferronhall import storage
    from ferronhall.parameters import model_of
    from ferronhall.steady_state.theory import theory_dataset

    parameters = storage.read(snakemake.input.parameters)
    theory = theory_dataset(
        model_of(parameters),
        parameters,
        snakemake.params.stage["config"],
        snakemake.threads,
        log,
    )
    storage.write(theory, snakemake.output[0])
