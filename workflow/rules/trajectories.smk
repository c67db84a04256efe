localrules:
    trajectories,


rule compile:
    """Compile the kernels once, before trajectories that start together would each do it."""
    input:
        # only its lattice matters here, and that is in the stage's own block
        parameters=ancient(CAMPAIGN.parameters),
    output:
        CAMPAIGN.compiled,
    log:
        CAMPAIGN.log("compile"),
    benchmark:
        CAMPAIGN.benchmark("compile")
    conda:
        "../../envs/simulation.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        stage=stage_block("compile", "compile.py"),
    script:
        "../scripts/compile.py"


rule trajectory:
    """One replica at one field: block means of every observable."""
    input:
        parameters=CAMPAIGN.parameters,
        # compiled kernels are a convenience: a new stamp must not rerun a trajectory
        compiled=ancient(CAMPAIGN.compiled),
    output:
        CAMPAIGN.trajectory(),
    log:
        CAMPAIGN.log("trajectories", "{field}", "{replica}"),
    benchmark:
        CAMPAIGN.benchmark("trajectories", "{field}", "{replica}")
    conda:
        "../../envs/simulation.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=lambda wildcards: trajectory_runtime(),
    params:
        stage=stage_block("trajectories", "trajectory.py", material=MATERIAL),
        command=rerun_command,
    script:
        "../scripts/trajectory.py"


rule trajectories:
    """All trajectories of the campaign."""
    input:
        TRAJECTORY_FILES,
