"""The noise-free steady state of the campaign."""

from ferronhall.script import job

with job(snakemake) as log:
    from ferronhall import storage
    from ferronhall.steady_state.theory import theory_dataset

    theory = theory_dataset(
        storage.read(snakemake.input.parameters),
        snakemake.params.stage["config"],
        snakemake.threads,
        log,
    )
    storage.write(theory, snakemake.output[0])
