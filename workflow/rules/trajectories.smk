localrules:
    trajectories,


rule compile:
    """Compile the kernels once, before trajectories that start together would each do it."""
    input:
        parameters=CAMPAIGN.parameters,
    params:
        # the trajectories' own block: the stamp is renewed when they rerun anyway, never alone
        # (ancient() would not do: Snakemake then overlooks that the jobs behind it have changed)
        stage=stage_block("trajectories", "trajectory.py", material=MATERIAL),
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
        mem_mb=trajectory_memory(),
        runtime=30,
    script:
        "../scripts/compile.py"


rule trajectory:
    """One replica at one field: block means of every observable."""
    input:
        parameters=CAMPAIGN.parameters,
        compiled=CAMPAIGN.compiled,
    params:
        stage=stage_block("trajectories", "trajectory.py", material=MATERIAL),
        command=rerun_command,
        checkpoint=checkpoint_file,
        alone=runs_alone,
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
        mem_mb=trajectory_memory(),
        runtime=lambda wildcards: trajectory_runtime(),
    script:
        "../scripts/trajectory.py"


rule trajectories:
    """All trajectories of the campaign."""
    input:
        TRAJECTORY_FILES,
