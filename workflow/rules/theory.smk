rule steady_state:
    """The steady state without noise: harmonic, and in the Gaussian closure."""
    input:
        parameters=CAMPAIGN.parameters,
    params:
        **made_by("theory", "theory.py", material=MATERIAL),
    output:
        CAMPAIGN.theory,
    log:
        CAMPAIGN.log("theory"),
    benchmark:
        CAMPAIGN.benchmark("theory")
    conda:
        "../../envs/simulation.yaml"
    threads: 2
    resources:
        mem_mb=job_resources.theory_memory(config),
        runtime=240,
    script:
        "../scripts/theory.py"


rule timestep:
    """What the integrator's substep, and one twice as long, do to the maps."""
    input:
        parameters=CAMPAIGN.parameters,
        theory=CAMPAIGN.theory,
    params:
        **made_by("timestep", "timestep.py", material=MATERIAL),
    output:
        CAMPAIGN.timestep,
    log:
        CAMPAIGN.log("timestep"),
    benchmark:
        CAMPAIGN.benchmark("timestep")
    conda:
        "../../envs/simulation.yaml"
    threads: 2
    resources:
        mem_mb=job_resources.steady_state_memory(config),
        runtime=240,
    script:
        "../scripts/timestep.py"


rule theory_spectrum:
    """Which phonons make the edge responses, by frequency and wave vector."""
    input:
        parameters=CAMPAIGN.parameters,
    params:
        stage=stage_block("spectrum", "spectrum.py", material=MATERIAL),
    output:
        CAMPAIGN.theory_spectrum,
    log:
        CAMPAIGN.log("theory_spectrum"),
    benchmark:
        CAMPAIGN.benchmark("theory_spectrum")
    conda:
        "../../envs/simulation.yaml"
    threads: 2
    resources:
        mem_mb=job_resources.spectrum_memory(config),
        runtime=240,
    script:
        "../scripts/spectrum.py"


localrules:
    comparison,
    theory,


rule comparison:
    """Theory against simulation: amplitudes, differences, and whether they are noise."""
    input:
        **TRAJECTORIES,
        **TWIN,
        parameters=CAMPAIGN.parameters,
        theory=CAMPAIGN.theory,
        timestep=CAMPAIGN.timestep,
    params:
        **made_by("comparison", "comparison.py", material=MATERIAL),
    output:
        CAMPAIGN.comparison,
    log:
        CAMPAIGN.log("comparison"),
    benchmark:
        CAMPAIGN.benchmark("comparison")
    conda:
        "../../envs/simulation.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=60,
    script:
        "../scripts/comparison.py"


rule theory:
    """The noise-free theory: its maps, the substep's bias, their table and figure."""
    input:
        CAMPAIGN.theory,
        CAMPAIGN.timestep,
        CAMPAIGN.figure("theory_maps").values(),
        CAMPAIGN.figure("theory_statistics").values(),
        CAMPAIGN.table("timestep").values(),
