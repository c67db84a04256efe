localrules:
    ensemble,


rule ensemble:
    """Means with errors, field-odd parts and symmetry-folded maps of all replicas."""
    input:
        **TRAJECTORIES,
        parameters=CAMPAIGN.parameters,
    params:
        stage=stage_block("ensemble", "ensemble.py", material=MATERIAL),
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
