"""What an error bar costs by each way of estimating it."""

from ferronhall.base.script import job

with job(snakemake) as log:
    from ferronhall.analysis.efficiency import efficiency_dataset, twin_cost
    from ferronhall.analysis.twin import control_variate
    from ferronhall.base import storage
    from ferronhall.model.members import FIELD_SIGNS

    files = {field: snakemake.input[field] for field in FIELD_SIGNS}
    parameters, config = storage.read(snakemake.input.parameters), snakemake.params.stage["config"]
    control = control_variate(parameters, snakemake.input.get("twin"))
    cost = twin_cost(parameters, config) if control else 1.0
    efficiency = efficiency_dataset(parameters, config, files, control, cost)
    storage.write(efficiency, snakemake.output[0])
    log(f"a replica with twins takes {cost:.2f} times the time of one without")
