"""Theory against simulation."""

from ferronhall.script import job

with job(snakemake) as log:
    from ferronhall import storage
    from ferronhall.comparison import comparison_dataset
    from ferronhall.members import FIELD_SIGNS
    from ferronhall.twin import control_variate

    files = {field: snakemake.input[field] for field in FIELD_SIGNS}
    parameters = storage.read(snakemake.input.parameters)
    predictions = [storage.read(snakemake.input[k]) for k in ("theory", "timestep")]
    control = control_variate(parameters, snakemake.input.get("twin"))
    config = snakemake.params.stage["config"]
    comparison = comparison_dataset(parameters, config, *predictions, files, control)
    storage.write(comparison, snakemake.output[0])
    log("comparison written")
