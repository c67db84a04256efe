"""Put the parameters that passed the pre-flight in place."""

from ferronhall.script import job

with job(snakemake) as log:
    from ferronhall import storage

    storage.write(storage.read(snakemake.input[0]), snakemake.output[0])
    log("the model passed the pre-flight")
