"""One figure with its data."""

from ferronhall.script import job

with job(snakemake) as log:
    from ferronhall import storage
    from ferronhall.figures import draw, save

    name = snakemake.rule
    drawn = draw(name, **{key: storage.read(path) for key, path in snakemake.input.items()})
    save(drawn, snakemake.output.png, snakemake.output.pdf, snakemake.output.csv)
    log(f"{name} drawn")
