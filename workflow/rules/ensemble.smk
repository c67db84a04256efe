localrules:
    ensemble,


rule ensemble:
    """Means with errors, field-odd parts and symmetry-folded maps of all replicas."""
    input:
        **TRAJECTORIES,
        parameters=CAMPAIGN.parameters,
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
    params:
        stage=stage_block("ensemble", "ensemble.py", material=MATERIAL),
    script:
        "../scripts/ensemble.py"
