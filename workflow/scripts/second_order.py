"""Second-order mode effective charges of a data set."""

from ferronhall.base.script import job, write

with job(snakemake) as log:
    from ferronhall.crystals.second_order.collection import second_order_dataset

    named = {"second_order": snakemake.config["second_order"]}
    config = snakemake.params.stage["config"] | named
    dataset = second_order_dataset(config)
    write(snakemake, dataset, snakemake.output[0])
    log(f"{dataset.sizes['pair']} pairs of modes, {dataset.sizes['run']} structures")
