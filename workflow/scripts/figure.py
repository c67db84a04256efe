"""One figure with its data."""

from ferronhall.script import job

with job(snakemake) as log:
    from ferronhall import storage
    from ferronhall.figures import FIGURES, save

    name = snakemake.rule
    drawn = FIGURES[name](
        storage.read(snakemake.input.parameters), storage.read(snakemake.input.ensemble)
    )
    save(drawn, snakemake.output.png, snakemake.output.pdf, snakemake.output.csv)
    log(f"{name} drawn")
