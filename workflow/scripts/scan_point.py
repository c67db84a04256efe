"""The noise-free responses at one point of a scan."""

from ferronhall.base.script import configuration, job, write

with job(snakemake) as log:
    from ferronhall.campaign.scan.point import point_dataset

    point = point_dataset(
        snakemake.wildcards.point,
        configuration(snakemake),
        snakemake.threads,
        log,
    )
    write(snakemake, point, snakemake.output[0])
