"""The polar densities of a parent structure."""

from ferronhall.base.script import job

with job(snakemake) as log:
    from ferronhall.base import storage
    from ferronhall.crystals.second_order.density_dataset import density_dataset

    dataset = density_dataset(snakemake.params.folder)
    storage.write(dataset, snakemake.output[0])
    log(f"{dataset.attrs['crystal']}: {', '.join(dataset['pair'].values)}")
