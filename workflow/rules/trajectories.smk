localrules:
    trajectories,


rule compile:
    """Compile the kernels once, before trajectories that start together would each do it."""
    input:
        parameters=CAMPAIGN.parameters,
    params:
        # the trajectories' own block: the stamp is renewed when they rerun anyway, never alone
        # (ancient() would not do: Snakemake then overlooks that the jobs behind it have changed)
        **made_by(
            "trajectories",
            "trajectory.py",
            material=MATERIAL,
            finished=lambda wildcards: [CAMPAIGN.compiled],
        ),
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
        mem_mb=job_resources.replica_memory(config),
        runtime=30,
    script:
        "../scripts/compile.py"


rule trajectory:
    """One replica at every field, under one noise: block means of every observable."""
    input:
        parameters=CAMPAIGN.parameters,
        compiled=CAMPAIGN.compiled,
    params:
        **made_by(
            "trajectories",
            "trajectory.py",
            material=MATERIAL,
            finished=lambda wildcards: replica_files(wildcards.replica),
        ),
        command=rerun_command,
        checkpoint=checkpoint_file,
        alone=runs_alone,
    output:
        **{field: CAMPAIGN.trajectory(field) for field in paths.FIELDS},
    log:
        CAMPAIGN.log("trajectories", "{replica}"),
    benchmark:
        CAMPAIGN.benchmark("trajectories", "{replica}")
    conda:
        "../../envs/simulation.yaml"
    threads: 1
    resources:
        mem_mb=job_resources.replica_memory(config),
        runtime=lambda wildcards: replica_runtime(),
    script:
        "../scripts/trajectory.py"


rule trajectories:
    """All trajectories of the campaign."""
    input:
        TRAJECTORY_FILES,
