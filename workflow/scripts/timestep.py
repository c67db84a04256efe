"""What the integrator's substep does to the maps, without noise."""

from ferronhall.base.script import configuration, job, write

with job(snakemake) as log:
    from ferronhall.base import storage
    from ferronhall.model.model import Model
    from ferronhall.theory.datasets import timestep_dataset

    parameters = storage.read(snakemake.input.parameters)
    biases = timestep_dataset(
        Model.from_dataset(parameters),
        storage.read(snakemake.input.theory),
        configuration(snakemake),
        float(parameters["omega_max"]),
        snakemake.threads,
        log,
    )
    write(snakemake, biases, snakemake.output[0])
