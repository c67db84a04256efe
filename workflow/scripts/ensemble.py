"""Maps with errors from all trajectories of a campaign."""

from ferronhall.base.script import configuration, job, write

with job(snakemake) as log:
    from ferronhall.analysis.control_variate import control_variate
    from ferronhall.analysis.ensemble import ensemble_dataset
    from ferronhall.model.members import FIELD_SIGNS
    from ferronhall.model.model import read_model

    files = {field: snakemake.input[field] for field in FIELD_SIGNS}
    model = read_model(snakemake.input.parameters)
    control = control_variate(model, snakemake.input.get("twin"))
    config = configuration(snakemake)
    ensemble = ensemble_dataset(model, config, files, control)
    log(f"{ensemble.attrs['replicas']} replicas at {', '.join(FIELD_SIGNS)} field")
    write(snakemake, ensemble, snakemake.output[0])
