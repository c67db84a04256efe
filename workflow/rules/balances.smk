localrules:
    balances,


if config["balances"]["enabled"]:

    rule balance_maps:
        """Powers, currents and torques of every cell with errors, and whether they balance."""
        input:
            **TRAJECTORIES,
            parameters=CAMPAIGN.parameters,
        params:
            **made_by("balances", "balances.py", material=MATERIAL),
        output:
            CAMPAIGN.balances,
        log:
            CAMPAIGN.log("balances"),
        benchmark:
            CAMPAIGN.benchmark("balances")
        localrule: True
        conda:
            "../../envs/simulation.yaml"
        threads: 1
        resources:
            mem_mb=4000,
            runtime=60,
        script:
            "../scripts/balances.py"


rule balances:
    """The balances of energy and angular momentum: maps with errors, residuals and figures."""
    input:
        balance_files,
