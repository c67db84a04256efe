"""Put the parameters that passed the pre-flight in place."""

from ferronhall.base.script import job, write

with job(snakemake) as log:
    from ferronhall.base import storage

    write(snakemake, storage.read(snakemake.input[0]), snakemake.output[0])
    log("the model passed the pre-flight")
