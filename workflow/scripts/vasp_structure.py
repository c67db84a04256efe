"""Cell and atoms of a phase, relaxed by VASP or as configured."""

from ferronhall.base.script import job

with job(snakemake) as log:
    from ferronhall.base import yaml_files
    from ferronhall.crystals.first_principles import crystal
    from ferronhall.crystals.first_principles.vasp import relaxation

    section = snakemake.params.stage["config"]["first_principles"]
    found = crystal.start(section, snakemake.wildcards.phase)
    for result in snakemake.input.results:
        found = relaxation.structure(section, snakemake.wildcards.phase, result)
    yaml_files.write(crystal.content(found), snakemake.output[0])
    log(f"a = {found.a:.6f} Å, c = {found.c:.6f} Å")
