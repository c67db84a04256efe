"""Displacements, energies and polarization along the switching path from VASP's results."""

from ferronhall.base.script import job

with job(snakemake) as log:
    from ferronhall.crystals.first_principles import crystal, switching_path
    from ferronhall.crystals.first_principles.vasp import path_results

    rows = path_results.table(
        snakemake.params.stage["config"]["first_principles"],
        crystal.read(snakemake.input.structure),
        snakemake.input.results,
        snakemake.input.outcars,
    )
    switching_path.write(rows, snakemake.output[0])
    for row in rows:
        log(", ".join(f"{name} {value}" for name, value in row.items() if name[:2] != "dz"))
