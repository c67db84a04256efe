localrules:
    bond_polarization,


if SAMPLED:

    rule bond_polarization_maps:
        """Second-order polarization of neighbouring cells, simulated and without noise."""
        input:
            **TRAJECTORIES,
            **TWIN,
            parameters=CAMPAIGN.parameters,
            theory=CAMPAIGN.theory,
        params:
            **made_by("bond_polarization", "bond_polarization.py", material=MATERIAL),
            charge=BOND_CHARGE,
        output:
            CAMPAIGN.bond_polarization,
        log:
            CAMPAIGN.log("bond_polarization"),
        benchmark:
            CAMPAIGN.benchmark("bond_polarization")
        localrule: True
        conda:
            "../../envs/simulation.yaml"
        threads: 1
        resources:
            mem_mb=4000,
            runtime=60,
        script:
            "../scripts/bond_polarization.py"


rule bond_polarization:
    """The second-order polarization of neighbouring cells: maps, figure and table."""
    input:
        bond_files,
