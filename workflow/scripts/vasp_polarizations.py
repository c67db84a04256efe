"""The polarizations of all second-order runs by VASP as one table."""

from ferronhall.base.script import job

with job(snakemake) as log:
    from ferronhall.crystals.second_order import vasp_results

    count = vasp_results.write(
        snakemake.output.table,
        snakemake.output.content,
        snakemake.params.stage["config"],
        snakemake.input.results,
        snakemake.input.outcars,
    )
    log(f"{count} runs")
