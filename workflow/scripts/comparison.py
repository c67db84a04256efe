"""Theory against simulation."""

from ferronhall.script import job

with job(snakemake) as log:
    from ferronhall import provenance, storage
    from ferronhall.comparison import comparison_dataset
    from ferronhall.members import FIELD_SIGNS
    from ferronhall.twin import control_variate

    files = {field: snakemake.input[field] for field in FIELD_SIGNS}
    datasets = [storage.read(snakemake.input[k]) for k in ("parameters", "theory", "timestep")]
    control = control_variate(datasets[0], snakemake.input.get("twin"))
    comparison = comparison_dataset(*datasets, files, control)
    comparison.attrs.update(provenance.attributes(snakemake.params.stage["config"]))
    storage.write(comparison, snakemake.output[0])
    log("comparison written")
