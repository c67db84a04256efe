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


# what one engine has begun the other ends, so the engine is no part of a stage's block
ON_GPU = {"gpu": 1} if GPU else {}
NOT_BATCHED = rf"(?!(?:{'|'.join(f'{r:04d}' for r in BATCHED)})\b)" if BATCHED else ""


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
        replicas=job_replicas,
        checkpoints=checkpoint_files,
        alone=runs_alone,
    output:
        **{field: CAMPAIGN.trajectory(field) for field in paths.FIELDS},
    log:
        CAMPAIGN.log("trajectories", "{replica}"),
    benchmark:
        CAMPAIGN.benchmark("trajectories", "{replica}")
    wildcard_constraints:
        replica=NOT_BATCHED + paths.WILDCARDS["replica"],
    conda:
        "../../envs/simulation.yaml"
    threads: 1
    resources:
        **ON_GPU,
        mem_mb=job_resources.replica_memory(config),
        runtime=lambda wildcards: replica_runtime(),
    script:
        "../scripts/trajectory_batch.py" if GPU else "../scripts/trajectory.py"


for batch, replicas in BATCHES.items():

    rule:
        """Several replicas on one device, which leave what they would leave one by one."""
        name:
            f"trajectory_batch_{batch:04d}"
        input:
            parameters=CAMPAIGN.parameters,
            compiled=CAMPAIGN.compiled,
        params:
            **made_by("trajectories", "trajectory.py", material=MATERIAL),
            command=rerun_command,
            replicas=job_replicas,
            checkpoints=checkpoint_files,
        output:
            **{
                field: [CAMPAIGN.trajectory(field, replica) for replica in replicas]
                for field in paths.FIELDS
            },
        log:
            batch_log(batch),
        benchmark:
            CAMPAIGN.benchmark("trajectories", f"batch_{batch:04d}")
        conda:
            "../../envs/simulation.yaml"
        threads: 1
        resources:
            **ON_GPU,
            mem_mb=job_resources.replica_memory(config, len(replicas)),
            runtime=lambda wildcards: replica_runtime(),
        script:
            "../scripts/trajectory_batch.py"


rule trajectories:
    """All trajectories of the campaign."""
    input:
        TRAJECTORY_FILES,
