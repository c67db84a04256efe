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
    threads: job_resources.theory_threads(config)
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
    threads: job_resources.theory_threads(config)
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
        **made_by("spectrum", "spectrum.py", material=MATERIAL),
    output:
        CAMPAIGN.theory_spectrum,
    log:
        CAMPAIGN.log("theory_spectrum"),
    benchmark:
        CAMPAIGN.benchmark("theory_spectrum")
    conda:
        "../../envs/simulation.yaml"
    threads: job_resources.theory_threads(config)
    resources:
        mem_mb=job_resources.spectrum_memory(config),
        runtime=240,
    script:
        "../scripts/spectrum.py"


rule weak_gradient:
    """Responses to a weak gradient and a weak field, in laboratory units."""
    input:
        parameters=CAMPAIGN.parameters,
    params:
        **made_by("laboratory", "laboratory.py", material=MATERIAL),
    output:
        CAMPAIGN.laboratory,
    log:
        CAMPAIGN.log("laboratory"),
    benchmark:
        CAMPAIGN.benchmark("laboratory")
    conda:
        "../../envs/simulation.yaml"
    threads: job_resources.theory_threads(config)
    resources:
        mem_mb=lambda wildcards: job_resources.laboratory_memory(config),
        runtime=240,
    script:
        "../scripts/laboratory.py"


rule modulated_heating:
    """Edge responses to modulated heating, from DC to THz."""
    input:
        parameters=CAMPAIGN.parameters,
    params:
        **made_by("lock_in", "lock_in.py", material=MATERIAL),
    output:
        CAMPAIGN.lock_in,
    log:
        CAMPAIGN.log("lock_in"),
    benchmark:
        CAMPAIGN.benchmark("lock_in")
    conda:
        "../../envs/simulation.yaml"
    threads: job_resources.theory_threads(config)
    resources:
        mem_mb=job_resources.steady_state_memory(config),
        runtime=600,
    script:
        "../scripts/lock_in.py"


localrules:
    comparison,
    laboratory,
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


rule laboratory:
    """What a laboratory would see: coefficients, and an experiment made of them."""
    input:
        *(
            file
            for name in paths.LABORATORY_TABLES
            if name in RESULT_TABLES
            for file in CAMPAIGN.table(name).values()
        ),
