"""Maps with errors from all trajectories of a campaign."""

from ferronhall.base.script import job

with job(snakemake) as log:
    from ferronhall.analysis.ensemble import ensemble_dataset
    from ferronhall.analysis.twin import control_variate
    from ferronhall.base import storage
    from ferronhall.model.members import FIELD_SIGNS

    files = {field: snakemake.input[field] for field in FIELD_SIGNS}
    parameters = storage.read(snakemake.input.parameters)
    control = control_variate(parameters, snakemake.input.get("twin"))
    config = snakemake.params.stage["config"]
    ensemble = ensemble_dataset(parameters, config, files, control)
    log(f"{ensemble.attrs['replicas']} replicas at {', '.join(FIELD_SIGNS)} field")
    storage.write(ensemble, snakemake.output[0])
