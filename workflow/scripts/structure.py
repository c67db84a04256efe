"""Cell and atoms of a phase, relaxed or as configured."""

from ferronhall.base.script import job

with job(snakemake) as log:
    from pathlib import Path

    from ferronhall.base import yaml_files
    from ferronhall.crystals.first_principles.quantum_espresso import pw_output

    structure = snakemake.params.structure
    yaml_files.write(structure, snakemake.output[0])
    log(f"a = {structure['a_A']:.6f} Å, c = {structure['c_A']:.6f} Å")
    for name in snakemake.input:
        forces = pw_output.forces(Path(name).read_text(encoding="utf-8"), name)
        log(f"largest force left: {abs(forces).max():.2e} eV/Å")
