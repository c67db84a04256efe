"""Model, bath profiles and stability report of a campaign."""

from ferronhall.base.script import configuration, job, write

with job(snakemake) as log:
    from ferronhall.campaign.memory import require_model
    from ferronhall.model.parameters import parameters_dataset

    config = configuration(snakemake)
    require_model(config)
    parameters = parameters_dataset(config)
    log(
        f"smallest Hessian eigenvalue {float(parameters.hessian_smallest):.4g} eV/Å², "
        f"omega_max h = {float(parameters.attrs['omega_max_h']):.3f}"
    )
    if parameters.attrs["stability_warning"]:
        log(parameters.attrs["stability_warning"], warn=True)
    write(snakemake, parameters, snakemake.output[0])
