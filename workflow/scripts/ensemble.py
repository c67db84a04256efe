"""Maps with errors from all trajectories of a campaign."""

from ferronhall.script import job

with job(snakemake) as log:
    from ferronhall import provenance, storage
    from ferronhall.ensemble import ensemble_dataset
    from ferronhall.members import FIELD_SIGNS

    # a single replica arrives as a bare string
    files = {f: [str(p) for p in snakemake.input.get(f)] for f in FIELD_SIGNS}
    ensemble = ensemble_dataset(storage.read(snakemake.input.parameters), files)
    ensemble.attrs.update(provenance.attributes(snakemake.params.stage["config"]))
    log(f"{ensemble.attrs['replicas']} replicas at {', '.join(FIELD_SIGNS)} field")
    storage.write(ensemble, snakemake.output[0])
