"""The noise-free steady state of the campaign."""

import sys

from ferronhall.script import job

with job(snakemake) as log:
    from ferronhall import storage
    from ferronhall.steady_state.theory import theory_dataset

    theory = theory_dataset(
        storage.read(snakemake.input.parameters),
        snakemake.params.stage["config"],
        snakemake.threads,
        log,
        announce=lambda line: print(line, file=sys.stderr, flush=True),
    )
    storage.write(theory, snakemake.output[0])
