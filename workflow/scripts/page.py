"""The page of a campaign."""

from ferronhall.base.script import configuration, job

with job(snakemake) as log:
    from pathlib import Path

    from ferronhall.base import storage
    from ferronhall.campaign.aliasing import aliasing_warnings
    from ferronhall.model.model import read_model
    from ferronhall.results.page.citation import citation_html
    from ferronhall.results.page.document import Content, document

    given, config = snakemake.input, configuration(snakemake)
    names = ("parameters", "ensemble", "theory", "comparison", "scan")
    model, page = read_model(given.parameters), Path(snakemake.output[0])
    content = Content(
        **{n: storage.read(given[n]) if n in given.keys() else None for n in names},
        material=model.material.name,
        config=config,
        picture=Path(given.picture).read_bytes(),
        tables={Path(f).stem: Path(f).read_text(encoding="utf-8") for f in given.written},
        files=sorted({str(Path(file).relative_to(page.parent)) for file in given}),
        aliasing=aliasing_warnings(config, model),
        citation=citation_html(snakemake.params.citation),
        accepted=snakemake.accepted,
    )
    with storage.replacing(page) as path:
        path.write_text(document(content), encoding="utf-8")
    log(f"{page.stat().st_size / 1e6:.2f} MB written")
