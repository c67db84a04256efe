"""One figure with its data."""

from ferronhall.base.script import job

with job(snakemake) as log:
    from pathlib import Path

    from ferronhall.base import storage
    from ferronhall.results.figures import draw, save

    # not the rule's name, which another workflow that takes this one may change
    name = Path(snakemake.output.png).stem
    drawn = draw(name, **{key: storage.read(path) for key, path in snakemake.input.items()})
    png, pdf, csv = (snakemake.output[ending] for ending in ("png", "pdf", "csv"))
    save(drawn, png, pdf, csv, snakemake.accepted)
    log(f"{name} drawn")
