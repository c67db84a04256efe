"""Cell and atoms of a phase, relaxed or as configured."""

from ferronhall.script import job

with job(snakemake) as log:
    from pathlib import Path

    from ferronhall.first_principles import crystal, pw_output

    part = snakemake.params.stage["config"]["first_principles"]
    structure = crystal.start(part, snakemake.wildcards.phase)
    for name in snakemake.input:
        text = Path(name).read_text(encoding="utf-8")
        structure = pw_output.relaxed(text, name, structure)
        log(f"largest force left: {abs(pw_output.forces(text, name)).max():.2e} eV/Å")
    crystal.write(structure, snakemake.output[0])
    log(f"a = {structure.a:.6f} Å, c = {structure.c:.6f} Å")
