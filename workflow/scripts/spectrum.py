"""Which phonons make the edge responses."""

from ferronhall.base.script import configuration, job, write

with job(snakemake) as log:
    from ferronhall.model.model import read_model
    from ferronhall.theory.spectra.edge_spectrum import spectrum_dataset

    spectrum = spectrum_dataset(
        read_model(snakemake.input.parameters),
        configuration(snakemake),
        snakemake.threads,
        log,
    )
    write(snakemake, spectrum, snakemake.output[0])
