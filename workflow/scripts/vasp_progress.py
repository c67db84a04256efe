"""The end of a call: what there is to be said of it is said when all jobs have finished."""

from ferronhall.base.script import job

with job(snakemake) as log:
    log(f"{len(snakemake.input)} files are there")
