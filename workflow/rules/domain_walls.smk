localrules:
    walls,


rule domain_walls_at_rest:
    """Profile, energy, width and Peierls barrier of every domain wall."""
    input:
        parameters=CAMPAIGN.parameters,
    params:
        **made_by("domain_walls", "domain_walls.py", material=MATERIAL),
    output:
        CAMPAIGN.domain_walls,
    log:
        CAMPAIGN.log("domain_walls"),
    benchmark:
        CAMPAIGN.benchmark("domain_walls")
    conda:
        "../../envs/simulation.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=30,
    script:
        "../scripts/domain_walls.py"


rule walls:
    """The domain walls at rest, and what gathers at them."""
    input:
        wall_products,
