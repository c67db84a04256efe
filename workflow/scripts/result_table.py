"""A table of the campaign's results."""

from ferronhall.script import job

with job(snakemake) as log:
    from ferronhall import storage
    from ferronhall.tables import result_table
    from ferronhall.tables.table import write_table

    datasets = {key: storage.read(path) for key, path in snakemake.input.items()}
    table = result_table(snakemake.params.table, **datasets)
    write_table(table, snakemake.output.csv, snakemake.output.md)
    log(f"{table.title} written")
