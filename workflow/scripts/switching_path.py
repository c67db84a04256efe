"""Displacements, energies and polarization along the switching path."""

from ferronhall.script import job

with job(snakemake) as log:
    from pathlib import Path

    from ferronhall.first_principles import crystal, pw_output, switching_path

    def results(parser, files):
        return [parser(Path(file).read_text(encoding="utf-8"), file) for file in files]

    relaxed = crystal.read(snakemake.input.structure)
    path = switching_path.assemble(
        snakemake.params.stage["config"]["first_principles"],
        relaxed,
        results(pw_output.energy, snakemake.input.scf),
        results(pw_output.polarization, snakemake.input.berry),
    )
    switching_path.write(path, switching_path.labels(relaxed.symbols), snakemake.output[0])
    log(f"barrier {path.barrier:.3f} meV per formula unit")
    log(f"polarization {path.spontaneous_polarization:.5f} C/m², quantum {path.quantum:.5f} C/m²")
