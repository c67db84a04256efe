"""What the integrator's substep does to the maps, without noise."""

from ferronhall.script import job

with job(snakemake) as log:
    from ferronhall import storage
    from ferronhall.steady_state.theory import timestep_dataset

    biases = timestep_dataset(
        storage.read(snakemake.input.parameters),
        storage.read(snakemake.input.theory),
        snakemake.params.stage["config"],
        snakemake.threads,
        log,
    )
    storage.write(biases, snakemake.output[0])
