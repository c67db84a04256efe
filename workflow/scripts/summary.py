"""The campaign's result in numbers."""

from ferronhall.script import job

with job(snakemake) as log:
    from ferronhall import storage
    from ferronhall.tables.summary import summary_table
    from ferronhall.tables.table import write_table

    table = summary_table(
        storage.read(snakemake.input.parameters), storage.read(snakemake.input.ensemble)
    )
    write_table(table, snakemake.output.csv, snakemake.output.md)
    log("summary written")
