"""Copies of what campaigns share, in the folder of one."""

from ferronhall.base.script import job

with job(snakemake) as log:
    from ferronhall.base import storage

    for shared, own in zip(snakemake.input, snakemake.output, strict=True):
        storage.copy(shared, own)
    log(f"{len(snakemake.output)} files taken")
