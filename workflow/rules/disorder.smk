localrules:
    uneven,


rule uneven_crystal:
    """Responses of realisations of the disorder without noise, and of the average crystal."""
    input:
        parameters=CAMPAIGN.parameters,
    params:
        **made_by("disorder", "disorder.py", material=MATERIAL),
    output:
        CAMPAIGN.disorder,
    log:
        CAMPAIGN.log("disorder"),
    benchmark:
        CAMPAIGN.benchmark("disorder")
    conda:
        "../../envs/simulation.yaml"
    threads: 2
    resources:
        mem_mb=job_resources.uneven_memory(config),
        runtime=600,
    script:
        "../scripts/disorder.py"


rule uneven:
    """What disorder does to the responses: figure and table."""
    input:
        uneven_products,
