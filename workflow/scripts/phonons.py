"""The lattice dynamics of the campaign's material."""

from ferronhall.base.script import configuration, job

with job(snakemake):
    from ferronhall.base import storage
    from ferronhall.crystals.phonons.collection import phonons_dataset

    storage.write(phonons_dataset(configuration(snakemake)), snakemake.output[0])
