"""The file that names the material's data from VASP, for ferronhall-material."""

from ferronhall.base.script import job

with job(snakemake) as log:
    from ferronhall.crystals.first_principles.vasp import calculation, dataset

    files = {n: snakemake.input[n] for n in snakemake.input.keys() if n != "ground_state"}
    version = calculation.read(snakemake.input.ground_state[0]).version
    dataset.write(snakemake.output[0], snakemake.params.stage["config"], version, files)
    log("written; ferronhall-material makes a material file of it")
