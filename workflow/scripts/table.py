"""One table of the material."""

from ferronhall.script import job

with job(snakemake) as log:
    from ferronhall import storage
    from ferronhall.tables import material, phonons
    from ferronhall.tables.table import write_table

    name = snakemake.wildcards.table
    data = {key: storage.read(path) for key, path in snakemake.input.items()}
    table = {**material.TABLES, **phonons.TABLES}[name](**data)
    write_table(table, snakemake.output.csv, snakemake.output.md)
    log(f"{name} written")
