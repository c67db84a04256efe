"""Put the parameters that passed the pre-flight in place."""

from ferronhall.base.script import job, write

with job(snakemake) as log:
    from ferronhall.base import storage

    parameters = storage.read(snakemake.input.preflight)
    if "self_consistent" in snakemake.input.keys():
        from ferronhall.model.parameters import with_temperature

        baths = storage.read(snakemake.input.self_consistent, ["temperature"])
        parameters = with_temperature(parameters, baths["temperature"].sel(field=0))
    write(snakemake, parameters, snakemake.output[0])
    log("the model passed the pre-flight")
