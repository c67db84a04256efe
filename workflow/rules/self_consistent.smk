localrules:
    self_consistent,


rule heat_balance:
    """Baths without a net power between two contacts that hold their temperature."""
    input:
        parameters=preflight_file(),
    params:
        **made_by("self_consistent", "self_consistent.py", material=MATERIAL),
    output:
        CAMPAIGN.self_consistent,
    log:
        CAMPAIGN.log("self_consistent"),
    benchmark:
        CAMPAIGN.benchmark("self_consistent")
    conda:
        "../../envs/simulation.yaml"
    threads: 2
    resources:
        mem_mb=job_resources.heat_balance_memory(config),
        runtime=1440,
    script:
        "../scripts/self_consistent.py"


rule self_consistent:
    """T(x, y) between the contacts, the heat through them and the thermal Hall angle."""
    input:
        self_consistent_products,
