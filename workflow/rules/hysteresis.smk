localrules:
    hysteresis,


rule static_loop:
    """Loop of P against a static field along x, of a cell alone and of the slab."""
    input:
        parameters=CAMPAIGN.parameters,
    params:
        **made_by("hysteresis", "hysteresis.py", material=MATERIAL),
    output:
        CAMPAIGN.hysteresis,
    log:
        CAMPAIGN.log("hysteresis"),
    benchmark:
        CAMPAIGN.benchmark("hysteresis")
    conda:
        "../../envs/simulation.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=60,
    script:
        "../scripts/hysteresis.py"


rule hysteresis:
    """Figure and table of the loop."""
    input:
        CAMPAIGN.figure("hysteresis").values(),
        CAMPAIGN.table("hysteresis").values(),
