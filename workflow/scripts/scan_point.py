"""The noise-free responses at one point of a scan."""

from ferronhall.script import job

with job(snakemake) as log:
    from ferronhall import storage
    from ferronhall.scan.point import point_dataset

    point = point_dataset(
        snakemake.wildcards.point,
        snakemake.params.stage["config"],
        snakemake.threads,
        log,
    )
    storage.write(point, snakemake.output[0])
