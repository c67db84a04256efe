"""Displacements, energies and polarization along the switching path."""

from ferronhall.base.script import job

with job(snakemake) as log:
    from pathlib import Path

    from ferronhall.crystals.first_principles import crystal, switching_path
    from ferronhall.crystals.first_principles.quantum_espresso import pw_output

    def results(parser, files):
        return [parser(Path(file).read_text(encoding="utf-8"), file) for file in files]

    rows = switching_path.table(
        snakemake.params.stage["config"]["first_principles"],
        crystal.read(snakemake.input.structure),
        results(pw_output.energy, snakemake.input.scf),
        results(pw_output.polarization, snakemake.input.berry),
    )
    switching_path.write(rows, snakemake.output[0])
    for row in rows:
        log(", ".join(f"{name} {value}" for name, value in row.items() if name[:2] != "dz"))
