"""Phonons of a phase from VASP's results: a file of phonopy, and the response at Γ."""

from ferronhall.base.script import job

with job(snakemake) as log:
    from ferronhall.crystals.first_principles import crystal, response
    from ferronhall.crystals.first_principles.vasp import force_constants

    structure = crystal.read(snakemake.input.structure)
    phonons, found, drift = force_constants.collect(
        snakemake.params.stage["config"]["first_principles"],
        structure,
        snakemake.input.response[0],
        snakemake.input.displaced,
    )
    force_constants.write(phonons, snakemake.output[0])
    response.write(found, crystal.labels(structure.symbols), snakemake.output[1])
    log(f"largest drift of the forces, taken out: {drift:.2e} eV/Å")
    log(f"electronic dielectric tensor, diagonal: {found.dielectric.diagonal()}")
    log(f"lowest frequency {found.frequencies.min():.3f} THz, imaginary as negative")
