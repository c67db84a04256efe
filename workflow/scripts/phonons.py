"""The lattice dynamics of a material."""

from ferronhall.base.script import configuration, job, write

with job(snakemake) as log:
    from ferronhall.crystals.phonons.collection import phonons_dataset

    dataset = phonons_dataset(configuration(snakemake), snakemake.params.data)
    log(dataset.attrs["notes"])
    write(snakemake, dataset, snakemake.output[0])
