localrules:
    preflight,
    parameters,


rule preflight:
    """Model, bath profiles and the stability check; an unstable model stops the campaign here."""
    params:
        **made_by(
            "parameters",
            "preflight.py",
            material=MATERIAL,
            finished=lambda wildcards: [CAMPAIGN.parameters],
        ),
    output:
        temp(preflight_file()),
    log:
        CAMPAIGN.log("preflight"),
    benchmark:
        CAMPAIGN.benchmark("preflight")
    conda:
        "../../envs/simulation.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    script:
        "../scripts/preflight.py"


rule parameters:
    """Put a model that passed the pre-flight in place.

    Snakemake deletes a job's old outputs before it runs. Made in one step, a configuration that
    fails would take parameters.nc with it, and going back to the one that worked would remake that
    file and rerun every finished trajectory.
    """
    input:
        **BATHS,
        preflight=preflight_file(),
    params:
        **made_by(
            "parameters",
            "preflight.py",
            material=MATERIAL,
            finished=lambda wildcards: [CAMPAIGN.parameters],
        ),
    output:
        CAMPAIGN.parameters,
    log:
        CAMPAIGN.log("parameters"),
    benchmark:
        CAMPAIGN.benchmark("parameters")
    conda:
        "../../envs/simulation.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    script:
        "../scripts/parameters.py"
