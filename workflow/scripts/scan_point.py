"""The noise-free responses at one point of a scan."""

from ferronhall.base.script import configuration, job

with job(snakemake) as log:
    from ferronhall.base import storage
    from ferronhall.campaign.scan.point import point_dataset

    point = point_dataset(
        snakemake.wildcards.point,
        configuration(snakemake),
        snakemake.threads,
        log,
    )
    storage.write(point, snakemake.output[0])
