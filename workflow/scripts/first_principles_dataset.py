"""The file that names the material's first-principles data, for ferronhall-material."""

from ferronhall.base.script import job

with job(snakemake) as log:
    from pathlib import Path

    from ferronhall.crystals.first_principles.quantum_espresso import dataset

    dataset.write(
        snakemake.output[0],
        snakemake.params.stage["config"],
        Path(snakemake.input.ground_state).read_text(encoding="utf-8"),
        {name: snakemake.input[name] for name in snakemake.input.keys() if name != "ground_state"},
    )
    log("written; ferronhall-material makes a material file of it")
