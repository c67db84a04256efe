"""Where domain walls went in the trajectories."""

from ferronhall.base.script import configuration, job, write

with job(snakemake) as log:
    from ferronhall.analysis.wall_velocity import wall_velocity_dataset
    from ferronhall.model.members import FIELD_SIGNS
    from ferronhall.model.model import read_model

    files = {field: snakemake.input[field] for field in FIELD_SIGNS}
    model = read_model(snakemake.input.parameters)
    found = wall_velocity_dataset(model, configuration(snakemake), files)
    log(f"{found.sizes['wall']} walls, moved in {int(found['moved'].any('field').sum())} replicas")
    write(snakemake, found, snakemake.output[0])
