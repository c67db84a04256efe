"""The polar densities of a parent structure."""

from ferronhall.script import job

with job(snakemake) as log:
    from ferronhall import storage
    from ferronhall.second_order.density_dataset import density_dataset

    dataset = density_dataset(snakemake.params.folder)
    storage.write(dataset, snakemake.output[0])
    log(f"{dataset.attrs['crystal']}: {', '.join(dataset['pair'].values)}")
