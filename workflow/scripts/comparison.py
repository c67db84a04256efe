"""Theory against simulation."""

from ferronhall.base.script import configuration, job, write

with job(snakemake) as log:
    from ferronhall.analysis.comparison import comparison_dataset, doubtful_twins
    from ferronhall.analysis.control_variate import control_variate
    from ferronhall.base import storage
    from ferronhall.model.members import FIELD_SIGNS
    from ferronhall.model.model import read_model

    files = {field: snakemake.input[field] for field in FIELD_SIGNS}
    model = read_model(snakemake.input.parameters)
    predictions = [storage.read(snakemake.input[k]) for k in ("theory", "timestep")]
    control = control_variate(model, snakemake.input.get("twin"))
    config = configuration(snakemake)
    comparison = comparison_dataset(model, config, *predictions, files, control)
    write(snakemake, comparison, snakemake.output[0])
    for name in doubtful_twins(comparison):
        log(f"{name}: the harmonic twins miss their exact averages, see tables/twin", warn=True)
