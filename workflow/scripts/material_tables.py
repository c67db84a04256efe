"""The tables of the material."""

from ferronhall.base.script import job

with job(snakemake) as log:
    from pathlib import Path

    from ferronhall.base import storage
    from ferronhall.model.material import campaign_content
    from ferronhall.results.tables import material, phonons
    from ferronhall.results.tables.table import write_table

    data = {key: storage.read(path) for key, path in snakemake.input.items()}
    content, tables = campaign_content(snakemake.config), {**material.TABLES, **phonons.TABLES}
    for csv, md in zip(snakemake.output.csv, snakemake.output.md, strict=True):
        table = tables[Path(csv).stem](content, **data)
        write_table(table.of_other_code(snakemake.accepted), csv, md)
        log(f"{table.title} written")
