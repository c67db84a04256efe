"""Maps with errors from all trajectories of a campaign."""

from ferronhall.script import job

with job(snakemake) as log:
    from ferronhall import provenance, storage
    from ferronhall.ensemble import ensemble_dataset
    from ferronhall.members import FIELD_SIGNS
    from ferronhall.twin import control_variate

    # a single replica arrives as a bare string
    files = {f: [str(p) for p in snakemake.input.get(f)] for f in FIELD_SIGNS}
    parameters = storage.read(snakemake.input.parameters)
    control = control_variate(parameters, snakemake.input.get("twin"))
    ensemble = ensemble_dataset(parameters, files, control)
    ensemble.attrs.update(provenance.attributes(snakemake.params.stage["config"]))
    log(f"{ensemble.attrs['replicas']} replicas at {', '.join(FIELD_SIGNS)} field")
    storage.write(ensemble, snakemake.output[0])
