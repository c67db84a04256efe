"""What an error bar costs by each way of estimating it."""

from ferronhall.base.script import configuration, job, write

with job(snakemake) as log:
    from ferronhall.analysis.control_variate import control_variate
    from ferronhall.analysis.efficiency import efficiency_dataset
    from ferronhall.analysis.twin_cost import twin_cost
    from ferronhall.model.members import FIELD_SIGNS
    from ferronhall.model.model import read_model

    files = {field: snakemake.input[field] for field in FIELD_SIGNS}
    model, config = read_model(snakemake.input.parameters), configuration(snakemake)
    control = control_variate(model, snakemake.input.get("twin"))
    cost = twin_cost(model, config) if control else 1.0
    efficiency = efficiency_dataset(model, config, files, control, cost)
    write(snakemake, efficiency, snakemake.output[0])
    log(f"a replica with twins takes {cost:.2f} times the time of one without")
