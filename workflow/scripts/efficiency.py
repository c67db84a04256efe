"""What an error bar costs by each way of estimating it."""

from ferronhall.script import job

with job(snakemake) as log:
    from ferronhall import storage
    from ferronhall.efficiency import efficiency_dataset, twin_cost
    from ferronhall.members import FIELD_SIGNS
    from ferronhall.twin import control_variate

    files = {field: snakemake.input[field] for field in FIELD_SIGNS}
    parameters, config = storage.read(snakemake.input.parameters), snakemake.params.stage["config"]
    control = control_variate(parameters, snakemake.input.get("twin"))
    cost = twin_cost(parameters, config) if control else 1.0
    efficiency = efficiency_dataset(parameters, config, files, control, cost)
    storage.write(efficiency, snakemake.output[0])
    log(f"a replica with twins takes {cost:.2f} times the time of one without")
