"""One table of the material."""

from ferronhall.base.script import job

with job(snakemake) as log:
    from ferronhall.base import storage
    from ferronhall.model.material import campaign_content
    from ferronhall.results.tables import material, phonons
    from ferronhall.results.tables.table import write_table

    name = snakemake.wildcards.table
    data = {key: storage.read(path) for key, path in snakemake.input.items()}
    content = campaign_content(snakemake.config)
    table = {**material.TABLES, **phonons.TABLES}[name](content, **data)
    write_table(table.of_other_code(snakemake.accepted), snakemake.output.csv, snakemake.output.md)
    log(f"{name} written")
