"""Compile the kernels the trajectories of a campaign need."""

import json
from pathlib import Path

from ferronhall.base.script import configuration, job

with job(snakemake) as log:
    from ferronhall.campaign.config import check_sampling
    from ferronhall.campaign.memory import require_replica
    from ferronhall.engine.trajectory import compile_kernels
    from ferronhall.model.model import read_model

    config = configuration(snakemake)
    require_replica(config)
    model = read_model(snakemake.input.parameters)
    check_sampling(config, model.omega_max)
    compile_kernels(model, config)
    log("kernels compiled")
    made = json.dumps(snakemake.params.stage)
    Path(snakemake.output[0]).write_text(f"The kernels are compiled in numba's cache.\n{made}\n")
