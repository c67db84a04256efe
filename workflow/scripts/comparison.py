"""Theory against simulation."""

from ferronhall.script import job

with job(snakemake) as log:
    from ferronhall import provenance, storage
    from ferronhall.comparison import comparison_dataset
    from ferronhall.members import FIELD_SIGNS

    inputs = snakemake.input
    # a single replica arrives as a bare string
    files = {f: [str(p) for p in inputs.get(f)] for f in FIELD_SIGNS}
    comparison = comparison_dataset(
        storage.read(inputs.parameters),
        storage.read(inputs.theory),
        storage.read(inputs.timestep),
        files,
    )
    comparison.attrs.update(provenance.attributes(snakemake.params.stage["config"]))
    storage.write(comparison, snakemake.output[0])
    log("comparison written")
