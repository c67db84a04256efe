"""One calculation with Quantum ESPRESSO."""

from ferronhall.base.script import job

with job(snakemake) as log:
    from ferronhall.crystals.first_principles.quantum_espresso import programs

    programs.calculate(
        snakemake.params.plan,
        snakemake.params.scratch,
        snakemake.output,
        snakemake.config["first_principles"],
        log,
        files=snakemake.input.get("matrices", ()),
    )
