"""The lattice dynamics of the campaign's material."""

from ferronhall.base.script import configuration, job

with job(snakemake) as log:
    from ferronhall.base import storage
    from ferronhall.crystals.phonons.collection import phonons_dataset

    dataset = phonons_dataset(configuration(snakemake), snakemake.params.data)
    log(dataset.attrs["notes"])
    storage.write(dataset, snakemake.output[0])
