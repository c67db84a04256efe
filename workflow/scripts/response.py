"""Dielectric tensor, Born charges and frequencies at the zone centre."""

from ferronhall.base.script import job

with job(snakemake) as log:
    from ferronhall.crystals.first_principles import crystal, response
    from ferronhall.crystals.first_principles.quantum_espresso import ph_output

    found = ph_output.response(snakemake.input.matrix)
    symbols = crystal.read(snakemake.input.structure).symbols
    response.write(found, crystal.labels(symbols), snakemake.output[0])
    log(f"electronic dielectric tensor, diagonal: {found.dielectric.diagonal()}")
    log(f"lowest frequency {found.frequencies.min():.3f} THz, imaginary as negative")
