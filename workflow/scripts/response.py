"""Dielectric tensor, Born charges and frequencies at the zone centre."""

from ferronhall.base.script import job

with job(snakemake) as log:
    from ferronhall.crystals.first_principles import crystal, ph_output

    response = ph_output.response(snakemake.input.matrix)
    symbols = crystal.read(snakemake.input.structure).symbols
    ph_output.write(response, crystal.labels(symbols), snakemake.output[0])
    log(f"electronic dielectric tensor, diagonal: {response.dielectric.diagonal()}")
    log(f"lowest frequency {response.frequencies.min():.3f} THz, imaginary as negative")
