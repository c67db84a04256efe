"""Balances of energy and angular momentum of a campaign, with their residuals."""

from ferronhall.base.script import configuration, job, write

with job(snakemake) as log:
    from ferronhall.analysis.balances import balances_dataset
    from ferronhall.model.members import FIELD_SIGNS
    from ferronhall.model.model import read_model

    files = {field: snakemake.input[field] for field in FIELD_SIGNS}
    config = configuration(snakemake)
    balances = balances_dataset(read_model(snakemake.input.parameters), config, files)
    log(f"chi squared a cell, expected {balances.attrs['expected_chi_squared']:.3f}:")
    log(balances["chi_squared"].to_pandas().to_string(float_format="%.3f"))
    write(snakemake, balances, snakemake.output[0])
