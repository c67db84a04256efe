"""The lattice dynamics of the campaign's material."""

from ferronhall.script import job

with job(snakemake):
    from ferronhall import storage
    from ferronhall.phonons.collection import phonons_dataset

    storage.write(phonons_dataset(snakemake.params.stage["config"]), snakemake.output[0])
