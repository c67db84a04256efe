localrules:
    parameters,


rule parameters:
    """Model, bath profiles and the stability pre-flight; an unstable model stops here."""
    params:
        stage=stage_block("parameters", "parameters.py", material=MATERIAL),
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
        mem_mb=2000,
        runtime=30,
    script:
        "../scripts/parameters.py"
