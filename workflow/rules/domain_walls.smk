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


rule wall_velocities:
    """Where every domain wall was in each block of the trajectories, and how fast it went there."""
    input:
        **TRAJECTORIES,
        parameters=CAMPAIGN.parameters,
    params:
        **made_by("wall_velocity", "wall_velocity.py", material=MATERIAL),
    output:
        CAMPAIGN.wall_velocity,
    log:
        CAMPAIGN.log("wall_velocity"),
    benchmark:
        CAMPAIGN.benchmark("wall_velocity")
    conda:
        "../../envs/simulation.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=60,
    script:
        "../scripts/wall_velocity.py"


rule walls:
    """The domain walls at rest, what gathers at them, and where they went."""
    input:
        wall_products,
