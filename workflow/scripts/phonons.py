"""The lattice dynamics of the campaign's material."""

from ferronhall.base.script import configuration, job

with job(snakemake):
    from ferronhall.base import storage
    from ferronhall.crystals.phonons.collection import phonons_dataset

    phonons = phonons_dataset(configuration(snakemake), snakemake.params.data)
    storage.write(phonons, snakemake.output[0])
