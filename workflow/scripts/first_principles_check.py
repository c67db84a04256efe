"""Programs and pseudopotentials of the first-principles runs."""

from ferronhall.script import job

with job(snakemake) as log:
    from pathlib import Path

    from ferronhall.first_principles import programs, pseudopotentials, settings
    from ferronhall.storage import replacing

    section = snakemake.config["first_principles"]
    programs.check(section["commands"])
    pseudopotentials.check(section["pseudopotentials"], settings.species(section))
    found = [
        f"{s.symbol}: {s.pseudopotential}, SHA-256 {s.sha256}" for s in settings.species(section)
    ]
    with replacing(snakemake.output[0]) as temporary:
        Path(temporary).write_text("\n".join(found) + "\n", encoding="utf-8")
    log("programs and pseudopotentials found")
