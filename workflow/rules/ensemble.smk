localrules:
    ensemble,
    efficiency,


rule twin:
    """Exact averages of the harmonic twin, against which its sampled ones are set."""
    input:
        parameters=CAMPAIGN.parameters,
    params:
        **made_by("twin", "twin.py", material=MATERIAL),
    output:
        CAMPAIGN.twin,
    log:
        CAMPAIGN.log("twin"),
    benchmark:
        CAMPAIGN.benchmark("twin")
    conda:
        "../../envs/simulation.yaml"
    threads: job_resources.theory_threads(config)
    resources:
        mem_mb=job_resources.steady_state_memory(config),
        runtime=240,
    script:
        "../scripts/twin.py"


rule ensemble:
    """Means with errors, field-odd parts and symmetry-folded maps of all replicas."""
    input:
        **TRAJECTORIES,
        **TWIN,
        parameters=CAMPAIGN.parameters,
    params:
        **made_by("ensemble", "ensemble.py", material=MATERIAL),
    output:
        CAMPAIGN.ensemble,
    log:
        CAMPAIGN.log("ensemble"),
    benchmark:
        CAMPAIGN.benchmark("ensemble")
    conda:
        "../../envs/simulation.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=60,
    script:
        "../scripts/ensemble.py"


rule efficiency:
    """What an error bar costs by each way of estimating it."""
    input:
        **TRAJECTORIES,
        **TWIN,
        parameters=CAMPAIGN.parameters,
    params:
        **made_by("efficiency", "efficiency.py", material=MATERIAL),
    output:
        CAMPAIGN.efficiency,
    log:
        CAMPAIGN.log("efficiency"),
    benchmark:
        CAMPAIGN.benchmark("efficiency")
    conda:
        "../../envs/simulation.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=60,
    script:
        "../scripts/efficiency.py"
