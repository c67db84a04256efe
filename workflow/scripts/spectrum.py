"""Which phonons make the edge responses."""

from ferronhall.base.script import configuration, job

with job(snakemake) as log:
    from ferronhall.base import storage
    from ferronhall.model.model import read_model
    from ferronhall.theory.edge_spectrum import spectrum_dataset

    spectrum = spectrum_dataset(
        read_model(snakemake.input.parameters),
        configuration(snakemake),
        snakemake.threads,
        log,
    )
    storage.write(spectrum, snakemake.output[0])
