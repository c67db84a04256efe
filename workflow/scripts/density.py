"""The polar densities of a parent structure."""

from ferronhall.base.script import job, write

with job(snakemake) as log:
    from ferronhall.crystals.second_order.density_dataset import density_dataset

    dataset = density_dataset(snakemake.params.folder)
    write(snakemake, dataset, snakemake.output[0])
    log(f"{dataset.attrs['crystal']}: {', '.join(dataset['pair'].values)}")
