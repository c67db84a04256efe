"""What the integrator's substep does to the maps, without noise."""

from ferronhall.base.script import job

with job(snakemake) as log:
    from ferronhall.base import storage
    from ferronhall.theory.datasets import timestep_dataset

    biases = timestep_dataset(
        storage.read(snakemake.input.parameters),
        storage.read(snakemake.input.theory),
        snakemake.params.stage["config"],
        snakemake.threads,
        log,
    )
    storage.write(biases, snakemake.output[0])
