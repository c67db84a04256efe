"""A table of the campaign's results."""

from ferronhall.base.script import job

with job(snakemake) as log:
    from ferronhall.base import storage
    from ferronhall.results.tables import result_table
    from ferronhall.results.tables.table import write_table

    datasets = {key: storage.read(path) for key, path in snakemake.input.items()}
    table = result_table(snakemake.params.table, **datasets)
    write_table(table.of_other_code(snakemake.accepted), snakemake.output.csv, snakemake.output.md)
    log(f"{table.title} written")
