"""One material table."""

from ferronhall.script import job

with job(snakemake) as log:
    from ferronhall import storage
    from ferronhall.tables.material import TABLES
    from ferronhall.tables.table import write_table

    name = snakemake.wildcards.table
    table = TABLES[name](storage.read(snakemake.input.parameters))
    write_table(table, snakemake.output.csv, snakemake.output.md)
    log(f"{name} written")
