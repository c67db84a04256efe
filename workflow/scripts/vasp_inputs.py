"""The files one calculation with VASP is started with."""

from ferronhall.base.script import job

with job(snakemake) as log:
    from pathlib import Path

    from ferronhall.base.storage import replacing

    files = snakemake.params.files
    for path in map(Path, snakemake.output):
        with replacing(path) as temporary:
            temporary.write_text(files[path.name], encoding="utf-8")
    log(f"written: {', '.join(files)}")
