localrules:
    vasp_inputs,
    structure,
    vasp_phonons,
    vasp_switching_path,
    vasp_dataset,
    first_principles,


rule vasp_inputs:
    """What VASP is started with in one folder; results lie beside it and are no one's output."""
    input:
        structure_of_run,
    params:
        files=run_files,
    output:
        VASP_RUNS.inputs("{run}"),
    log:
        CAMPAIGN.log("first_principles", "{run}"),
    conda:
        "../../envs/vasp.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    script:
        "../scripts/vasp_inputs.py"


checkpoint structure:
    """Cell and atoms of a phase, relaxed by VASP or as configured; all other runs start from it."""
    input:
        results=relaxation_result,
        started=relaxation_inputs,
    params:
        stage=result_block("vasp_structure.py", ["first_principles"], relaxation_result),
    output:
        VASP_RUNS.structure(),
    log:
        CAMPAIGN.log("first_principles", "{phase}", "structure"),
    conda:
        "../../envs/vasp.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    script:
        "../scripts/vasp_structure.py"


rule vasp_phonons:
    """Forces, Born charges and dielectric tensor of a phase as a file of phonopy."""
    input:
        structure=VASP_RUNS.structure(),
        response=response_result,
        displaced=displaced_results,
        started=lambda wildcards: started_with(wildcards.phase, wildcards.phase),
    params:
        stage=result_block(
            "vasp_phonons.py", ["first_principles"], response_result, displaced_results
        ),
    output:
        VASP_RUNS.force_constants(),
        VASP_RUNS.response(),
    log:
        CAMPAIGN.log("first_principles", "{phase}", "phonons"),
    conda:
        "../../envs/vasp.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    script:
        "../scripts/vasp_phonons.py"


rule vasp_switching_path:
    """Displacements, energies and polarization along the switching path."""
    input:
        structure=VASP_RUNS.structure("tetragonal"),
        results=point_results,
        outcars=outcars,
        started=lambda wildcards: started_with("tetragonal", "path"),
    params:
        stage=result_block("vasp_switching_path.py", ["first_principles"], point_results, outcars),
    output:
        VASP_RUNS.switching_path,
    log:
        CAMPAIGN.log("first_principles", "switching_path"),
    conda:
        "../../envs/vasp.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    script:
        "../scripts/vasp_switching_path.py"


rule vasp_dataset:
    """The file that names the results for the import of lattice dynamics."""
    input:
        **{phase: VASP_RUNS.force_constants(phase) for phase in PHASES_WITH_PHONONS},
        switching_path=VASP_RUNS.switching_path,
        ground_state=ground_state,
    params:
        stage=result_block(
            "vasp_dataset.py",
            ["campaign", *(f"first_principles.{key}" for key in dataset.KEYS)],
            ground_state,
        ),
    output:
        VASP_RUNS.dataset,
    log:
        CAMPAIGN.log("first_principles", "dataset"),
    conda:
        "../../envs/vasp.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    script:
        "../scripts/vasp_dataset.py"


rule first_principles:
    """Inputs of every run that can be planned, and the data set once all results are back.

    It makes no file, so that it is never up to date and always says what is to be run.
    """
    input:
        attainable,
    log:
        CAMPAIGN.log("first_principles", "progress"),
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    script:
        "../scripts/vasp_progress.py"
