localrules:
    balance_maps,
    balances,


if config["balances"]["enabled"]:

    rule balance_maps:
        """Powers, currents and torques of every cell with errors, and whether they balance."""
        input:
            **TRAJECTORIES,
            parameters=CAMPAIGN.parameters,
        params:
            stage=stage_block("balances", "balances.py", material=MATERIAL),
        output:
            CAMPAIGN.balances,
        log:
            CAMPAIGN.log("balances"),
        benchmark:
            CAMPAIGN.benchmark("balances")
        conda:
            "../../envs/simulation.yaml"
        threads: 1
        resources:
            mem_mb=4000,
            runtime=60,
        script:
            "../scripts/balances.py"


def balance_files(wildcards):
    """Files of the stage; asked for in vain, the key that brings them."""
    if not config["balances"]["enabled"]:
        raise WorkflowError(
            "balances.enabled: false, so the trajectories sample no balances; set it to true "
            "(every trajectory then runs anew)"
        )
    names = [name for name, datasets in FIGURES.items() if "balances" in datasets]
    return [CAMPAIGN.balances, *(f for n in names for f in CAMPAIGN.figure(n).values())]


rule balances:
    """The balances of energy and angular momentum: maps with errors, residuals and figures."""
    input:
        balance_files,
