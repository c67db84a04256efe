"""The polarizations of all second-order runs as one table."""

from ferronhall.base.script import job

with job(snakemake) as log:
    from pathlib import Path

    from ferronhall.crystals.second_order import data_set

    def texts(name):
        return [Path(file).read_text(encoding="utf-8") for file in snakemake.input[name]]

    count = data_set.write(
        snakemake.output.table,
        snakemake.output.content,
        snakemake.params.stage["config"],
        texts("scf"),
        texts("berry"),
    )
    log(f"{count} runs")
