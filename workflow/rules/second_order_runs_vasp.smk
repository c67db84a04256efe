localrules:
    vasp_inputs,
    vasp_polarizations,
    second_order_runs,


rule vasp_inputs:
    """What VASP is started with in one folder; results lie beside it and are no one's output."""
    params:
        files=run_files,
    output:
        VASP_RUNS.inputs("{run}"),
    log:
        CAMPAIGN.log("second_order_runs", "{run}"),
    conda:
        "../../envs/vasp.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    script:
        "../scripts/vasp_inputs.py"


rule vasp_polarizations:
    """The polarizations of all runs, and what they are of: a data set for second_order.data."""
    input:
        started=started_with(),
        results=lambda wildcards: results(),
        outcars=lambda wildcards: outcars(),
    params:
        stage=collected_stage,
    output:
        table=SECOND_ORDER_RUNS.table,
        content=SECOND_ORDER_RUNS.content,
    log:
        CAMPAIGN.log("second_order_runs", "polarizations"),
    conda:
        "../../envs/vasp.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=30,
    script:
        "../scripts/vasp_polarizations.py"


rule second_order_runs:
    """Inputs of every run, and the data set once all results are back.

    It makes no file, so that it is never up to date and always says what is to be run.
    """
    input:
        attainable,
    log:
        CAMPAIGN.log("second_order_runs", "progress"),
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    script:
        "../scripts/vasp_progress.py"
