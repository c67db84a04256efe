"""All points of a scan in one file."""

from ferronhall.base.script import configuration, job, write

with job(snakemake) as log:
    from ferronhall.base import storage
    from ferronhall.campaign.scan.collection import scan_dataset

    points = [storage.read(path) for path in snakemake.input]
    scan = scan_dataset(configuration(snakemake), points)
    write(snakemake, scan, snakemake.output[0])
    log(f"{len(points)} points collected")
