localrules:
    second_order_polarizations,
    second_order_runs,


rule second_order_run:
    """Ground state and Berry phase of one displaced structure."""
    params:
        plan=plan,
        scratch=scratch,
    output:
        SECOND_ORDER_RUNS.run("scf"),
        SECOND_ORDER_RUNS.run("berry"),
    log:
        CAMPAIGN.log("second_order_runs", "{run}"),
    benchmark:
        CAMPAIGN.benchmark("second_order_runs", "{run}")
    conda:
        "../../envs/first_principles.yaml"
    threads: SECTION["cores"]
    resources:
        mem_mb=4000,
        runtime=480,
    script:
        "../scripts/first_principles_run.py"


rule second_order_polarizations:
    """The polarizations of all runs, and what they are of: a data set for second_order.data."""
    input:
        scf=[SECOND_ORDER_RUNS.run("scf", run)[1] for run in RUNS],
        berry=[SECOND_ORDER_RUNS.run("berry", run)[1] for run in RUNS],
    params:
        stage=collected_stage(),
    output:
        table=SECOND_ORDER_RUNS.table,
        content=SECOND_ORDER_RUNS.content,
    log:
        CAMPAIGN.log("second_order_runs", "polarizations"),
    conda:
        "../../envs/first_principles.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    script:
        "../scripts/second_order_polarizations.py"


rule second_order_runs:
    """Polarizations of all displaced structures."""
    input:
        SECOND_ORDER_RUNS.table,
